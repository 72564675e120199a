"""Bias audits of 1 and 10 million rows beside a bare GROUP BY, Aequitas and Fairlearn, in one run. Not part of the test suite.

    python tests/benchmarks/bench_fairness.py [--rows 1000000,10000000] [--no-peers]

Three attributes with 60 crossings, seven metrics with intervals and verdicts, from a Parquet file to finished JSON, imports excluded; each
figure is the median of five, in a process of its own, audit and GROUP BY taken by turns; processor time stands beside the clock,
for machines that do other things meanwhile. Bars: at most twice the bare GROUP BY into the
same cells plus 0.25 s; 250 MB at 10 million rows; 3 times faster than Aequitas at 1 million, 15 times at 10 million (it gives no
intervals); Fairlearn's MetricFrame at 100,000 rows for the ratio, without intervals and with n_boot. What the peers need to load the file
is not counted against them. Aequitas is no dependency: it is looked for in var/bench-venv, and put there when pip can.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "var" / "bench-venv"
PEER_VERSIONS = ("aequitas==1.1.0", "fairlearn", "pyarrow")
PEAK = "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')) / 1024"

MAKE = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
path, rows = sys.argv[1], int(sys.argv[2])
random = np.random.default_rng(1)
def column(values, shares, size):
    codes = random.choice(len(values), size, p=shares).astype(np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(values)).cast(pa.string())
schema = pa.schema([('sex', pa.string()), ('age', pa.string()), ('origin', pa.string()), ('harm', pa.int8()), ('flagged', pa.int8())])
with pq.ParquetWriter(path, schema, compression='zstd') as writer:
    for start in range(0, rows, 1_000_000):
        size = min(1_000_000, rows - start)
        harm = random.random(size) < 0.12
        flagged = random.random(size) < np.where(harm, 0.7, 0.09)
        writer.write_table(pa.table([
            column(['F', 'M'], [0.49, 0.51], size), column(['0-2', '3-5', '6-9', '10-12', '13-15', '16-17'], [.1, .15, .25, .2, .2, .1], size),
            column(['a', 'b', 'c', 'd', 'e'], [.6, .2, .1, .07, .03], size), pa.array(harm.astype(np.int8)), pa.array(flagged.astype(np.int8))],
            schema=schema), row_group_size=250_000)
"""

OURS = """
import json, statistics, sys, time
import duckdb
from trygg.engines import fairness
path, public = sys.argv[1], sys.argv[2] == 'public'
spec = fairness.Spec(attributes=('sex', 'age', 'origin'), decision='flagged', outcome='harm', favourable='0', material={'fnr': 0.05})
def audit():
    with fairness.open_table(path) as table:
        return json.dumps(fairness.audit_table(table, spec, public=public), allow_nan=False)
def cube():
    with fairness.open_table(path) as table:
        found = fairness.build_cube(table, spec)
        table.finish()
    return found
def bare():
    with duckdb.connect(config={'memory_limit': '160MB'}) as connection:
        return connection.execute(f"SELECT sex, age, origin, harm, flagged, count(*) FROM read_parquet('{path}') GROUP BY ALL").fetchall()
kept = cube()
def after():
    return json.dumps(fairness.audit_cube(kept, spec, public=public), allow_nan=False)
times = {name + kind: [] for name in ('audit', 'bare', 'after') for kind in ('', '_cpu')}
audit(), bare()
for _ in range(5):
    for name, what in (('bare', bare), ('audit', audit), ('after', after)):
        start, used = time.perf_counter(), time.process_time()
        what()
        times[name].append(time.perf_counter() - start)
        times[name + '_cpu'].append(time.process_time() - used)
found = json.loads(audit())
print(json.dumps({name: statistics.median(values) for name, values in times.items()} | {'crossings': sum(len(row['attributes']) == 3
      for row in found['groups']), 'comparisons': len(found['comparisons']), 'versions': found['method']['versions']}))
"""

MEMORY = f"""
import json, sys
from trygg.engines import fairness
spec = fairness.Spec(attributes=('sex', 'age', 'origin'), decision='flagged', outcome='harm', favourable='0')
with fairness.open_table(sys.argv[1]) as table:
    json.dumps(fairness.audit_table(table, spec, public=sys.argv[2] == 'public'), allow_nan=False)
print(json.dumps({{'MB': {PEAK}}}))
"""

AEQUITAS = f"""
import json, statistics, sys, time
from importlib.metadata import version
import pandas
from aequitas.group import Group
table = pandas.read_parquet(sys.argv[1])
table = table.rename(columns={{'harm': 'label_value', 'flagged': 'score'}})
times, cpu = [], []
for _ in range(int(sys.argv[2])):
    start, used = time.perf_counter(), time.process_time()
    crossed = table['sex'] + '|' + table['age'] + '|' + table['origin']  # it crosses no attributes itself
    ready = pandas.DataFrame({{'crossed': crossed, 'label_value': table['label_value'], 'score': table['score']}})
    found, _ = Group().get_crosstabs(ready, attr_cols=['crossed'])
    times.append(time.perf_counter() - start)
    cpu.append(time.process_time() - used)
print(json.dumps({{'time': statistics.median(times), 'cpu': statistics.median(cpu),
      'groups': len(found), 'version': version('aequitas'), 'pandas': version('pandas'), 'MB': {PEAK}}}))
"""

FAIRLEARN = f"""
import json, statistics, sys, time, warnings
from importlib.metadata import version
warnings.simplefilter('ignore')
import numpy as np, pandas
from fairlearn import metrics
from sklearn.metrics import accuracy_score, precision_score
table = pandas.read_parquet(sys.argv[1]).head(int(sys.argv[2]))
def omission(truth, decided):
    passed = np.asarray(decided) == 0
    return np.asarray(truth)[passed].mean() if passed.any() else np.nan
named = {{'fpr': metrics.false_positive_rate, 'fnr': metrics.false_negative_rate, 'ppv': precision_score, 'for': omission,
         'selection_rate': metrics.selection_rate, 'base_rate': lambda truth, decided: np.mean(truth), 'accuracy': accuracy_score}}
def frame(**more):
    start = time.perf_counter()
    metrics.MetricFrame(metrics=named, y_true=table['harm'], y_pred=table['flagged'],
                        sensitive_features=table[['sex', 'age', 'origin']], **more).by_group
    return time.perf_counter() - start
plain = statistics.median(frame() for _ in range(int(sys.argv[3])))
boot = frame(n_boot=2, ci_quantiles=[0.025, 0.975], random_state=1)
print(json.dumps({{'plain': plain, 'boot': boot, 'version': version('fairlearn'), 'MB': {PEAK}}}))
"""


def run(program, *arguments, python=sys.executable):
    environment = (
        {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        if python == sys.executable
        else dict(os.environ)
    )
    done = subprocess.run(
        [str(python), "-c", program, *map(str, arguments)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        return {"failed": next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "?")[:200]}
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}


def peers():
    """A Python that has Aequitas, or None with the reason."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    if subprocess.run([str(python), "-c", "import aequitas"], capture_output=True).returncode:
        subprocess.run(
            [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEER_VERSIONS],
            capture_output=True,
        )
    seen = subprocess.run([str(python), "-c", "import aequitas"], capture_output=True, text=True)
    return (python, "") if not seen.returncode else (None, seen.stderr.strip().splitlines()[-1][:160])


def held(is_held):
    return "held" if is_held else "MISSED"


def measure(folder, rows, python, reason):
    path = Path(folder) / f"{rows}.parquet"
    run(MAKE, path, rows)
    load = os.getloadavg()[0]
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB of Parquet, load {load:.1f} before")
    ours = {}
    for kind in ("restricted", "public"):
        ours[kind] = run(OURS, path, kind)
        if "failed" in ours[kind]:
            print(f"  failed: {ours[kind]['failed']}")
            sys.exit(1)
        one, limit = ours[kind], 2 * ours[kind]["bare"] + 0.25
        if kind == "restricted":
            print(
                f"  {one['crossings']} crossings, {one['comparisons']} comparisons; {' '.join(f'{k} {v}' for k, v in one['versions'].items())}"
            )
        memory = run(MEMORY, path, kind)["MB"]
        print(
            f"  {kind:<10} audit {one['audit']:.3f} s; bare GROUP BY {one['bare']:.3f} s; {one['audit'] / one['bare']:.2f} x;"
            f" bar {limit:.3f} s: {held(one['audit'] <= limit)}; half of it: {held(one['audit'] <= limit / 2)};"
            f" after the cube {one['after']:.3f} s; {memory:.0f} MB, bar 250: {held(memory <= 250)}"
        )
        print(
            f"             processor time: audit {one['audit_cpu']:.3f} s, bare {one['bare_cpu']:.3f} s, after the cube {one['after_cpu']:.3f} s"
        )
    if python is None:
        print(f"  Aequitas   not measured: {reason}")
        return
    other = run(AEQUITAS, path, 5 if rows <= 1_000_000 else 3, python=python)
    if "failed" in other:
        print(f"  Aequitas   not measured: {other['failed']}")
        return
    # Ours once before and once after it: what else runs on the machine comes and goes.
    again = run(OURS, path, "restricted")
    clock, cpu = ((ours["restricted"][name] + again[name]) / 2 for name in ("audit", "audit_cpu"))
    bar = 3 if rows <= 1_000_000 else 15
    print(
        f"  Aequitas   {other['version']} (pandas {other['pandas']}): {other['time']:.3f} s, {other['cpu']:.3f} s of processor time,"
        f" {other['MB']:.0f} MB, {other['groups']} groups without intervals; ours before and after {clock:.3f} s, {cpu:.3f} s"
    )
    print(
        f"             {other['time'] / clock:.1f} x by the clock, {other['cpu'] / cpu:.1f} x by processor time, bar {bar}:"
        f" {held(other['time'] >= bar * clock)}"
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default="1000000,10000000")
    parser.add_argument("--no-peers", action="store_true")
    wanted = parser.parse_args()
    python, reason = (None, "not asked for") if wanted.no_peers else peers()
    folder = tempfile.mkdtemp(prefix="trygg-bench-")
    try:
        for rows in map(int, wanted.rows.split(",")):
            measure(folder, rows, python, reason)
        if not wanted.no_peers:
            path = Path(folder) / "100000.parquet"
            run(MAKE, path, 100_000)
            ours, other = run(OURS, path, "restricted"), run(FAIRLEARN, path, 100_000, 1)
            if "failed" in other:
                print(f"Fairlearn not measured: {other['failed']}")
            else:
                print(f"100,000 rows: ours {ours['audit']:.3f} s; Fairlearn {other['version']} {other['plain']:.2f} s without intervals"
                      f" ({other['plain'] / ours['audit']:.0f} x), {other['boot']:.2f} s with n_boot=2: {(other['boot'] - other['plain']) / 2:.2f} s"
                      f" a draw")  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
