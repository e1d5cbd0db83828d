"""Run every benchmark here, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

failed = 0
for file in sorted(HERE.glob("[a-z]*.py")):
    print(f"== {file.stem}", flush=True)
    command = [sys.executable, "-m", f"{HERE.name}.{file.stem}"]
    failed += subprocess.run(command, cwd=HERE.parent, check=False).returncode != 0
sys.exit(failed)
