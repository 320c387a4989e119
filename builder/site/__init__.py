"""The dataset and the printed lines → pages, search and explore → the finished site."""
