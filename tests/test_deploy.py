"""The files of deploy/, checked as far as can be without an engine, a cluster or a server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import setting_names
from tests.support.audit import verdict

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
PROBES = {"/healthz", "/readyz"}


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def mentioned(words: str) -> set[str]:
    """Settings that a file names; at the end of one, `_FILE` means the file that holds it."""
    return {name.removesuffix("_FILE") for name in re.findall(r"\bKABAR_[A-Z_]+\b", words)}


@pytest.mark.parametrize(
    "name", ["Containerfile", "compose.yaml", "kabar.service", "kubernetes.yaml"]
)
def test_only_settings_that_exist_are_named(name: str) -> None:
    assert mentioned(text(name)) <= set(setting_names())


# --- the container: what hadolint looks for -------------------------------------------------------


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", text("Containerfile"))
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def of(word: str) -> list[str]:
    return [rest for known, rest in instructions() if known == word]


def test_the_base_has_a_tag_that_says_what_it_is() -> None:
    [base] = [rest.removeprefix("PYTHON=") for rest in of("ARG")]
    assert re.fullmatch(r"[a-z0-9./-]+:\d+\.\d+[a-z0-9.-]*(?:@sha256:[0-9a-f]{64})?", base)
    assert all(rest.startswith("${PYTHON}") for rest in of("FROM"))


def test_nothing_in_it_is_run_by_a_shell_or_by_root() -> None:
    for word in ("RUN", "CMD", "ENTRYPOINT"):
        assert all(rest.startswith("[") for rest in of(word))
    words = [word for word, _ in instructions()]
    [user] = of("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)  # numbers: Kubernetes can check them
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "ADD" not in words
    assert "MAINTAINER" not in words


def test_it_is_healthy_stoppable_and_holds_no_secret() -> None:
    assert of("STOPSIGNAL") == ["SIGTERM"]
    [health] = of("HEALTHCHECK")
    assert "/healthz" in health
    assert not re.search(r"TOKEN|SECRET|PASSWORD", " ".join(of("ENV") + of("ARG")))


def test_dependencies_are_pinned_and_what_is_copied_is_let_through() -> None:
    assert any("--require-hashes" in rest for rest in of("RUN"))
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored  # first everything, then what is needed
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for rest in of("COPY")
        if not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == let_through
    assert all((ROOT / one).exists() for one in copied)


# --- compose --------------------------------------------------------------------------------------


def compose() -> dict[str, Any]:
    found = yaml.safe_load(text("compose.yaml"))
    assert isinstance(found, dict)
    return found


def test_compose_is_whole() -> None:
    found = compose()
    assert {name for name in found if not name.startswith("x-")} == {
        "name", "services", "secrets", "volumes",
    }  # fmt: skip
    for service in found["services"].values():
        assert set(service.get("secrets", ())) <= set(found["secrets"])
        named = {one.partition(":")[0] for one in service.get("volumes", ())}
        assert named <= set(found["volumes"])
        assert set(service.get("depends_on", ())) <= set(found["services"])
        assert service["restart"] == "unless-stopped"
        assert "build" in service or re.search(r":\d", service["image"])
    assert (DEPLOY / found["x-kabar"]["build"]["context"]).resolve() == ROOT
    assert (ROOT / found["x-kabar"]["build"]["dockerfile"]).is_file()


def test_the_bots_of_compose_can_do_little() -> None:
    bots = [one for one in compose()["services"].values() if one["image"] == "kabar"]
    assert len(bots) == 2
    for bot in bots:
        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in bot["security_opt"]
        assert int(bot["stop_grace_period"].removesuffix("s")) > 10  # Kabar needs up to 10
        assert not any(re.search("TOKEN$|PASSWORD$", name) for name in bot["environment"])


# --- systemd --------------------------------------------------------------------------------------


def test_the_unit_stops_softly_and_starts_again() -> None:
    unit = text("kabar.service")
    assert "Restart=on-failure" in unit
    stop = re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert stop is not None
    assert int(stop[1]) > 10
    assert "LoadCredential=token:" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    """The program is not installed here: a path that exists stands for it."""
    unit = tmp_path / "kabar.service"
    here = text("kabar.service").replace("/srv/kabar/.venv/bin/kabar", shutil.which("true") or "")
    unit.write_text(here, "utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout[-500:]


# --- Kubernetes -----------------------------------------------------------------------------------


def documents() -> dict[str, dict[str, Any]]:
    """By kind."""
    found = {one["kind"]: one for one in yaml.safe_load_all(text("kubernetes.yaml"))}
    assert all({"apiVersion", "kind", "metadata"} <= set(one) for one in found.values())
    return found


def test_the_parts_fit_together() -> None:
    found = documents()
    spec = found["Deployment"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"].items() <= labels.items()
    assert found["Service"]["spec"]["selector"].items() <= labels.items()
    assert found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"].items() <= labels.items()
    pod = spec["template"]["spec"]
    assert pod["serviceAccountName"] == found["ServiceAccount"]["metadata"]["name"]
    [container] = pod["containers"]
    [config] = container["envFrom"]
    assert config["configMapRef"]["name"] == found["ConfigMap"]["metadata"]["name"]
    assert {one["name"] for one in container["volumeMounts"]} == {
        one["name"] for one in pod["volumes"]
    }
    [port] = container["ports"]
    assert found["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    assert all(isinstance(value, str) for value in found["ConfigMap"]["data"].values())
    listen = found["ConfigMap"]["data"]["KABAR_METRICS_LISTEN"]
    assert listen.rpartition(":")[2] == str(port["containerPort"])


def test_two_replicas_that_can_do_little() -> None:
    spec = documents()["Deployment"]["spec"]
    pod = spec["template"]["spec"]
    [container] = pod["containers"]
    assert spec["replicas"] == 2
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    rights = container["securityContext"]
    assert rights["readOnlyRootFilesystem"] is True
    assert rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert set(container["resources"]) == {"requests", "limits"}
    assert pod["terminationGracePeriodSeconds"] > 10
    assert not container["image"].endswith(":latest")


def test_probes_ask_what_is_answered() -> None:
    [container] = documents()["Deployment"]["spec"]["template"]["spec"]["containers"]
    asked = {
        name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")
    }
    assert {one["path"] for one in asked.values()} == PROBES
    # A database that is away is no reason to be killed.
    assert asked["liveness"]["path"] == "/healthz"
    assert all(one["port"] == "metrics" for one in asked.values())


# --- alarms ---------------------------------------------------------------------------------------


def test_every_alarm_says_what_it_means_and_what_to_do() -> None:
    [group] = yaml.safe_load(text("alerts.yml"))["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len(set(names)) >= 10
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"critical", "warning", "info"}
        assert set(rule["annotations"]) == {"summary", "action"}
        assert all(one.endswith((".", "?")) for one in rule["annotations"].values())
        assert rule["expr"].count("(") == rule["expr"].count(")")


# --- dependencies ---------------------------------------------------------------------------------


def test_an_audit_tells_weaknesses_from_no_network() -> None:
    good = {"name": "a", "version": "1", "vulns": []}
    unknown = {"name": "b", "version": "1", "skip_reason": "not found"}
    weak = {"name": "c", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2"]}]}
    assert verdict(json.dumps({"dependencies": [good, unknown]}), "") == (
        0, "1 of 2 dependencies audited, 0 weak.",
    )  # fmt: skip
    status, said = verdict(json.dumps({"dependencies": [good, weak]}), "")
    assert (status, said.splitlines()[0]) == (1, "c 1: CVE-1, mended in 2")
    said = "Not audited: the service asked knows none of the 1 dependencies."
    assert verdict(json.dumps({"dependencies": [unknown]}), "") == (0, said)
    status, said = verdict("", "Traceback ...\nConnectionError: no route")
    assert (status, "could not be asked (ConnectionError: no route)" in said) == (0, True)
