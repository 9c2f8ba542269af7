"""What the operator's page and the files of a deployment say is true of the program."""

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
import yaml
from scripted_house import SERVE, running_house

from rag.doors.cli import app
from rag.doors.http.problems import KINDS
from rag.settings import leaves, read_settings, variable

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
SETTINGS = {".".join(key) for key in leaves()}
VARIABLES = {variable(key) for key in leaves()} | {"BYLINE_HOME", "BYLINE_MODELS"}


def commands() -> list[str]:
    """Every call of byline in the page: in its sessions, and between backticks."""
    blocks = [line[2:] for line in PAGE.splitlines() if line.startswith("$ ")]
    spans = re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL))
    calls = [re.split(r"\s+#\s", each)[0] for each in (*blocks, *spans)]
    found = [match.group(1) for each in calls if (match := re.search(r"^(?:.*[ /])?byline ([a-z-].*)$", each))]
    assert len(found) > 25
    return sorted(set(found))


def option_of(command: Any, word: str) -> Any:
    options = [each for each in command.params if each.param_type_name == "option"]
    return next((each for each in options if word in (*each.opts, *each.secondary_opts)), None)


@pytest.mark.parametrize("call", commands())
def test_every_command_of_the_page_is_taken(call: str) -> None:
    command: Any = typer.main.get_command(app)
    words = shlex.split(call)
    while words and words[0] == "byline":
        words.pop(0)
    given = 0
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            option = option_of(command, word)
            assert option is not None, f"{command.name} has no {word}"
            value = None if option.is_flag or not words else words.pop(0)
            if word == "--set":
                assert value is not None
                assert value.partition("=")[0] in SETTINGS
        elif hasattr(command, "get_command"):
            named = command.get_command(None, word)
            assert named is not None, f"there is no command {word}"
            command = named
        else:
            given += 1
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    assert given == 0 or arguments, f"{command.name} takes no arguments"


def test_every_setting_and_variable_of_the_page_exists() -> None:
    sections = {each.partition(".")[0] for each in SETTINGS if "." in each}
    named = {each for each in re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE) if each.partition(".")[0] in sections}
    assert {"serve.hosts", "serve.deadline_s", "index.passage_tokens"} <= named
    assert named <= SETTINGS
    assert set(re.findall(r"BYLINE_[A-Z_]+", PAGE)) - {"BYLINE_SECTION_KEY"} <= VARIABLES


def test_every_metric_and_problem_of_the_page_exists(tmp_path: Path) -> None:
    with running_house(tmp_path, replace(SERVE)) as (url, _, _):
        httpx.post(f"{url}/v1/answers", json={"question": "What does it cost?"})
        text = httpx.get(f"{url}/metrics").text
    named = set(re.findall(r"`(byline_[a-z_]+)`", PAGE))
    assert len(named) >= 11
    shown = set(re.findall(r"^# TYPE (\S+) \S+", text, flags=re.MULTILINE))
    assert named <= shown, sorted(named - shown)
    table = PAGE.partition("## Troubleshooting")[2]
    kinds = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", table)) & KINDS.keys()
    assert {"missing", "wrong-host", "queue-full", "rate-limit", "busy", "deadline"} <= kinds
    numbers = dict(re.findall(r"(\d{3}) `([a-z-]+)`", table))
    assert all(KINDS[kind][0] == int(status) for status, kind in numbers.items())


def test_what_the_pages_link_to_is_there() -> None:
    for name in ("operate.md", "archive.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (ROOT / "docs" / link).exists(), link
    for link in re.findall(r"deploy/[\w.]+", PAGE):
        assert (ROOT / link).exists(), link


def dockerfile() -> list[list[str]]:
    """The instructions, continued lines joined."""
    text = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_the_image_is_built_of_what_is_there_and_runs_as_nobody_special() -> None:
    lines = dockerfile()
    froms = [each for each in lines if each[0] == "FROM"]
    assert len(froms) == 2
    assert len({each[1] for each in froms}) == 1
    copied = [source for each in lines if each[0] == "COPY" and not each[1].startswith("--") for source in each[1:-1]]
    assert all((ROOT / each).exists() for each in copied)
    wheel = re.search(r"packages = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert wheel is not None
    assert set(re.findall(r'"(\w+)"', wheel.group(1))) <= set(copied)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {each[1:] for each in ignored if each.startswith("!")} == set(copied)
    [user] = [each[1] for each in lines if each[0] == "USER"]
    assert user.partition(":")[0] not in ("0", "root")
    [health] = [" ".join(each) for each in lines if each[0] == "HEALTHCHECK"]
    assert "/healthz" in health
    assert f":{read_settings({}, {}).serve.port}/" in health
    [volumes] = [" ".join(each[1:]) for each in lines if each[0] == "VOLUME"]
    assert volumes == '["/data", "/models"]'
    variables = {each for line in lines for each in re.findall(r"BYLINE_[A-Z_]+(?==)", " ".join(line))}
    assert variables <= VARIABLES
    assert [" ".join(each) for each in lines[-2:]] == ['ENTRYPOINT ["byline"]', 'CMD ["serve", "--host", "0.0.0.0"]']


def test_the_image_file_passes_its_linter() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if linter is None:
        pytest.skip("hadolint has no wheel for this machine")
    done = subprocess.run([linter, str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_holds_together() -> None:
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = whole["services"]
    assert set(services) == {"byline", "ollama", "chroma"}
    byline = services["byline"]
    assert (DEPLOY / byline["build"]["context"] / byline["build"]["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    ours = {name: value for name, value in byline["environment"].items() if name.startswith("BYLINE_")}
    assert set(ours) <= VARIABLES
    plain = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for name, value in ours.items()}
    settings = read_settings({}, plain, None)
    assert (settings.model.runtime, settings.model.pull, settings.search.chroma_url) == ("ollama", True, "")
    for service in services.values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
        assert set(service.get("depends_on", {})) <= set(services)
        assert {each.partition(":")[0] for each in service["volumes"]} <= set(whole["volumes"])
    assert byline["environment"]["OLLAMA_HOST"] == "http://ollama:11434"
    pinned = re.search(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert pinned is not None
    assert services["chroma"]["image"] == f"chromadb/chroma:{pinned.group(1)}"
    assert services["chroma"]["profiles"] == ["chroma"]


def unit(tmp_path: Path) -> Path:
    """The unit with a program that is here in place of the installed one."""
    text = (DEPLOY / "byline.service").read_text(encoding="utf-8")
    assert set(re.findall(r"BYLINE_[A-Z]+(?==/)", text)) == {"BYLINE_HOME", "BYLINE_MODELS"}
    here, count = re.subn(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE)
    assert count == 1
    file = tmp_path / "byline.service"
    file.write_text(here, encoding="utf-8")
    return file


def test_the_unit_is_whole_and_hardened(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    file = unit(tmp_path)
    verified = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True, check=False)
    assert (verified.returncode, "byline.service" in verified.stderr) == (0, False), verified.stderr
    security = ["systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", str(file)]
    exposed = subprocess.run(security, capture_output=True, text=True, check=False)
    assert exposed.returncode == 0, exposed.stdout[-500:]


def test_the_grace_of_a_stop_is_longer_than_the_service_takes() -> None:
    from rag.doors.http.serving import GRACE

    longest = GRACE + 5
    text = (DEPLOY / "byline.service").read_text(encoding="utf-8")
    stop = re.search(r"TimeoutStopSec=(\d+)", text)
    assert stop is not None
    assert int(stop.group(1)) > longest
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert int(whole["services"]["byline"]["stop_grace_period"].removesuffix("s")) > longest
