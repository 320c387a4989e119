"""The dataset → what can be taken away: data package, downloads, catalogues for machines."""
