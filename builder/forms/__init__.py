"""Rows of cells → the forms, catalogues and stated totals that are printed in them, as filed."""
