"""Where figures are kept: raw snapshots, history, SQL models, releases and the way to read them."""
