"""What a process that serves pages loads before anybody asks for anything: nothing that only counting, Excel or charts need."""

import subprocess
import sys

# DuckDB, Arrow, SciPy and what draws charts came to 160 MB in each worker; who needs them loads them then.
HEAVY = ("altair", "duckdb", "ibis", "numpy", "openpyxl", "pandas", "pyarrow", "scipy", "sklearn", "vl_convert")
START = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_nothing_heavy_is_loaded_at_the_start():
    done = subprocess.run([sys.executable, "-c", START, *HEAVY], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []
