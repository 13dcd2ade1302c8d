"""How the list of commands looks on the help page."""

from typing import Any

from typer.core import TyperGroup

LONGEST = 300
"""Characters of a command's first sentence: all of it."""


class Commands(TyperGroup):
    """The front door's commands, each with its whole first sentence; typer cuts them to the rest of one line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands and what they do."""
        rows = [(name, self.commands[name].get_short_help_str(LONGEST)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
