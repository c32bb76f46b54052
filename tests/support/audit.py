"""`make audit`: looks up known vulnerabilities of what is locked; names what it could not look
up."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

_ASK = (
    "--requirement", "requirements.lock", "--require-hashes", "--disable-pip",
    "--progress-spinner", "off", "--format", "json", "--timeout", "30",
)  # fmt: skip


def verdict(answer: str, fault: str) -> tuple[int, str]:
    """The exit status and what to say about pip-audit's answer (JSON), or about its failure: being
    offline is not a finding."""
    try:
        found: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        last = fault.strip().splitlines()[-1:] or ["no answer"]
        return 0, f"Not audited: the service could not be asked ({last[0][:200]})."
    weak = [one for one in found if one.get("vulns")]
    unknown = sum("skip_reason" in one for one in found)
    if unknown == len(found):
        return 0, f"Not audited: the service asked knows none of the {unknown} dependencies."
    lines = [
        f"{one['name']} {one['version']}: {vuln['id']}, mended in"
        f" {', '.join(vuln['fix_versions']) or 'no version yet'}"
        for one in weak
        for vuln in one["vulns"]
    ]
    lines.append(f"{len(found) - unknown} of {len(found)} dependencies audited, {len(weak)} weak.")
    return (1 if weak else 0), "\n".join(lines)


def main() -> int:
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", *_ASK], capture_output=True, text=True, check=False
    )
    status, said = verdict(done.stdout, done.stderr)
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(main())
