"""Scores of many answer sets and conversion of a large survey, each in a process of its own. Not part of the test suite.

    python tests/benchmarks/bench_instruments.py [--records N]

Bars: 10,000 records of 175 answers a second on one core in completed mode, pruning included (aim 20,000), on a survey in the shape
of Canada's AIA v1.0 (70 risk questions, 45 mitigation questions in each of two phases); converting 1,000 questions in two languages
in less than a second, written to disk. SurveyJS's own engine stands beside where `node` finds the package `survey-core`
(NODE_PATH, or a folder node_modules above): it is given the same survey and answers, and only prunes what is hidden.
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
BAR, AIM, SECONDS = 10_000, 20_000, 1.0
PEAK = "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')) // 1024"

SCORING = f"""
import json, sys, time
from trygg.engines.instruments import Mode, Scorer, load_instrument
from trygg.engines.instruments.surveyjs import read_survey, record
survey = json.load(open(sys.argv[1]))
instrument = load_instrument(read_survey(survey).data)
records = [record(instrument, json.loads(line)).answers for line in open(sys.argv[2])]
found = {{"answers": round(sum(map(len, records)) / len(records))}}
for mode in Mode:
    scorer, best = Scorer(instrument, mode), 0.0
    for _ in range(5):
        start = time.perf_counter()
        for answers in records:
            scorer(answers)
        best = max(best, len(records) / (time.perf_counter() - start))
    found[mode.value] = round(best)
print(json.dumps(found | {{"MB": {PEAK}}}))
"""

CONVERTING = f"""
import json, sys, time
from pathlib import Path
from trygg.engines.instruments import load_instrument
from trygg.engines.instruments.surveyjs import Options, parse_json, read_survey
from trygg.packs.loader import read_pack
from trygg.packs.writing import write_pack
target = Path(sys.argv[2])
start = time.perf_counter()
data = read_survey(parse_json(Path(sys.argv[1]).read_bytes()), Options(file="large.json")).data
read = time.perf_counter() - start
write_pack(data, target)
whole = time.perf_counter() - start
start = time.perf_counter()
load_instrument(read_pack(target).data)
print(json.dumps({{"read": round(read, 3), "read and written": round(whole, 3), "pack loaded again": round(time.perf_counter() - start, 3),
                  "MB": {PEAK}}}))
"""

NODE = """
const fs = require('fs');
const {Model} = require('survey-core');
const survey = JSON.parse(fs.readFileSync(process.argv[2]));
const records = fs.readFileSync(process.argv[3], 'utf8').trim().split('\\n').slice(0, 40).map(JSON.parse);
const model = new Model(survey);
const start = process.hrtime.bigint();
for (const data of records) { model.data = data; model.clearIncorrectValues(true); model.getAllQuestions().filter(q => q.isVisible).length; }
console.log((records.length / (Number(process.hrtime.bigint() - start) / 1e9)).toFixed(1));
"""


def run(program, *arguments):
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def surveyjs(survey, records):
    """Records a second of SurveyJS itself, or why that is not known."""
    node = shutil.which("node")
    if node is None:
        return "not measured: node is not on this machine"
    done = subprocess.run(
        [node, "-e", NODE, "x", survey, records], capture_output=True, text=True
    )  # -e: arguments begin at 1
    if done.returncode:
        last = next((line for line in done.stderr.splitlines() if "Error" in line), done.stderr.strip()[:200])
        return f"not measured: {last}"
    return f"{done.stdout.strip()} records/s"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=2_000)
    wanted = parser.parse_args().records
    sys.path.insert(0, str(ROOT))
    from tests.engines.surveys import LIKE_V1, aia_record, aia_survey, large_survey

    with tempfile.TemporaryDirectory() as folder:
        survey, records, large = (Path(folder) / name for name in ("survey.json", "records.jsonl", "large.json"))
        shape = aia_survey(**LIKE_V1)
        survey.write_text(json.dumps(shape))
        records.write_text("".join(json.dumps(aia_record(shape, seed)) + "\n" for seed in range(wanted)))
        large.write_text(json.dumps(large_survey()))
        scored = run(SCORING, survey, records)
        print(f"{wanted} records of {scored['answers']} answers, best of five, one core:")
        print(
            f"  completed {scored['completed']:>7} records/s   bar {BAR}, aim {AIM}: {'held' if scored['completed'] >= BAR else 'MISSED'}"
        )
        print(f"  live      {scored['live']:>7} records/s   {scored['MB']} MB at most")
        print(f"  SurveyJS  {surveyjs(survey, records)}")
        converted = run(CONVERTING, large, Path(folder) / "large.yaml")
        held = "held" if converted["read and written"] < SECONDS else "MISSED"
        print(f"1,000 questions in two languages ({large.stat().st_size / 1e6:.1f} MB), seconds, bar {SECONDS}: {held}")
        for name, value in converted.items():
            print(f"  {name}: {value}")


if __name__ == "__main__":
    main()
