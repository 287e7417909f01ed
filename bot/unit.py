"""`firstcall unit`: a systemd unit for this installation, as closed up as the program can bear.

Printed rather than shipped as a file, because what belongs in it depends on where this installation lies. Write it to
/etc/systemd/system/firstcall.service; `systemd-analyze security firstcall` shows what each line shuts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.supervisor import STOP_WITHIN

#: Where the settings are looked for when no `--config` was given.
CONFIG = Path("/etc/firstcall.toml")

_UNIT = """\
[Unit]
Description=First Call, the chat assistant for session musicians
Documentation=file:{root}/README.md
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
Type=exec
ExecStart={program} run --config {config}
# Tokens may also stand here as DISCORD_TOKEN=… and TELEGRAM_TOKEN=…; mode 0600, owned by root.
EnvironmentFile=-/etc/firstcall.env
Environment=PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 FIRSTCALL_APP__DATA_DIR=%S/firstcall
User=firstcall
StateDirectory=firstcall
StateDirectoryMode=0700
UMask=0077
Restart=on-failure
RestartSec=5
# A wrong setting is not put right by starting again.
RestartPreventExitStatus=2 78
TimeoutStopSec={stop}
MemoryMax=512M
TasksMax=128

CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
DevicePolicy=closed
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""

#: Folders that ProtectHome hides.
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))


def unit(config: Path | None) -> tuple[list[str], int]:
    """The unit's lines, and the exit code. config: the settings file it is to use; None: /etc/firstcall.toml."""
    program = Path(sys.executable).parent / "firstcall"
    root = Path(__file__).resolve().parents[1]
    hidden = any(path.is_relative_to(home) for path in (program, root, config or CONFIG) for home in _HOMES)
    text = _UNIT.format(
        program=_quoted(program),
        config=_quoted((config or CONFIG).absolute()),
        root=root,
        stop=int(STOP_WITHIN) + 12,  # what the program takes at most, and time to let go of the database
        home="read-only" if hidden else "yes",
    )
    return text.splitlines(), 0


def _quoted(path: Path) -> str:
    """A path as a word of ExecStart: percent signs doubled, and quoted where it has blanks (systemd.syntax)."""
    text = str(path).replace("\\", "\\\\").replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if " " in text else text
