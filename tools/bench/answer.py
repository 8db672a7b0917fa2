from collections.abc import Iterator
from tools.bench.measure import Row
def rows(runs: int = 3) -> Iterator[Row]:
    return iter(())
