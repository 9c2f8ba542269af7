"""The checks: one file for each thing that is measured; `registry` lists them."""
