"""One use case a file: the order of steps for one wish of one user. Sees domain and ports only."""
