"""`byline doctor`: what is missing, and what mends it."""

import typer

from rag.doors import options
from rag.doors.call import Call, command, examples


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "doctor",
        help="Check everything that Byline needs, and say what mends what is missing.",
        epilog=examples("byline doctor", "byline doctor --json"),
    )(command(doctor))


def doctor(call: Call, json: options.JSON = False, plain: options.PLAIN = False) -> None:
    """Look at each part; exits with 4 where something needed is missing."""
    from rag.doctor import examine
    from rag.doors.terminal.health import show_findings
    from rag.doors.terminal.screen import open_screen, print_json

    findings = examine(call.settings())
    well = all(finding.state != "missing" for finding in findings)
    if json:
        print_json({"ok": well, "findings": [finding.to_dict() for finding in findings]})
    else:
        show_findings(findings, open_screen(plain=plain))
    raise typer.Exit(0 if well else 4)
