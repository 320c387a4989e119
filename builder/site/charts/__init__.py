"""Charts: what each shows (``figures``) and how it is drawn (``draw``)."""
