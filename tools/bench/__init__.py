"""Benchmarks: ours beside a floor (an empty view) and a peer (the ordinary way), measured in one run.

`make bench` runs all groups, BENCH=feed,answer some. Each group makes its own database in a temporary folder.
"""
