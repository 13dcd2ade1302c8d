"""docs/storage.md, done as it stands: every command, statement and program, on a server, a folder and a bucket."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows import cli
from tests import postgres
from tests.conftest import without_prefect
from warehouse.lake import connection

PAGE = (Path(__file__).parents[1] / "docs" / "storage.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?m)^(## [^\n]*)$|```(\w+)\n(.*?)```", PAGE, re.DOTALL)
_SECRETS = {"ictdev": "pass of the writer", "reader": "…"}


class Administrator:
    """Does what the page says, with its hosts and folders put where this test has them."""

    def __init__(self, server, folder, bucket, monkeypatch, capsys):
        self.server, self.folder, self.patch, self.capsys = server, folder, monkeypatch, capsys
        self.here = {
            "host=db.example.org": f"host=127.0.0.1 port={server.port}",
            "/srv/": f"{folder}/srv/",
            "s3://figures": bucket.rpartition("/")[0],
            "https://objects.example.org": os.environ["AWS_ENDPOINT_URL"],
        }
        self.done: list[str] = []

    def moved(self, text):
        for there, here in self.here.items():
            text = text.replace(there, here)
        return text

    def as_user(self, text):
        """Be whoever the address names, with the password where libpq looks for it."""
        named = re.search(r"user=(\w+)", text)
        if named:
            self.patch.setenv("PGPASSWORD", _SECRETS[named[1]])
            self.patch.setenv("ICTDEV_HOME", str(self.folder / named[1]))

    def sh(self, block):
        for line in map(self.moved, block.splitlines()):
            word, *rest = shlex.split(line)
            if word == "export":
                name, _, value = rest[0].partition("=")
                self.patch.setenv(name, value)
                self.as_user(value)
            elif word == "ictdev":
                self.ictdev(rest)
            elif word == "pip":
                assert rest[1] in {"ictdev[ducklake]", "ictdev[s3]", "ictdev[ducklake,s3]"}
            else:
                self.outside(word, rest)
            self.done.append(line)

    def ictdev(self, words):
        self.patch.setattr(sys, "argv", ["ictdev", *words])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = self.capsys.readouterr()
        assert not caught.value.code, (words, printed.out, printed.err)
        assert not any(secret in printed.out + printed.err for secret in _SECRETS.values() if secret != "…")

    def outside(self, word, rest):
        """Run a program of the server or of the system; what it asks for is the writer's password."""
        program = self.server.bin / word if (self.server.bin / word).exists() else word
        told = {"PGHOST": "127.0.0.1", "PGPORT": str(self.server.port), "PGUSER": postgres.USER}
        environment = {**os.environ, **told, "PGPASSWORD": postgres.PASSWORD}
        answer = f"{_SECRETS['ictdev']}\n" * 2
        subprocess.run([program, *rest], check=True, env=environment, input=answer, text=True, start_new_session=True)

    def sql(self, block):
        if "ATTACH" not in block:
            self.outside("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-c", block, "ictdev_lake"])
            return
        self.as_user(block)
        con = duckdb.connect()  # somebody else's, with the extensions and nothing of ours
        for name in connection._EXTENSIONS:
            con.execute(f"LOAD '{connection._extension(name)}'")
        found = [con.execute(one).fetchall() for one in self.moved(block).split(";") if one.strip()]
        con.close()
        assert len(found[1]) == 1
        assert found[2] == [(104977,)]

    def python(self, block):
        self.patch.chdir(self.folder)
        exec(compile(block, "storage.md", "exec"), {})


def test_the_page_can_be_followed_from_its_top(database_server, released, s3, tmp_path, monkeypatch, capsys):
    without_prefect(monkeypatch)
    monkeypatch.setenv("ICTDEV_STORAGE", "file")
    shutil.copytree(released.root, tmp_path / "ictdev")  # the refresh then finds nothing new, which is quicker
    somebody = Administrator(database_server, tmp_path, s3, monkeypatch, capsys)
    for heading, language, block in BLOCKS:
        if heading == "## Mirrors":
            monkeypatch.setenv("ICTDEV_HOME", str(tmp_path / "ictdev"))
        elif language:
            getattr(somebody, language)(block)
    assert sum("ictdev " in line for line in somebody.done) >= 8
    assert not (tmp_path / "reader" / "releases").exists()
    assert (tmp_path / "srv" / "mirror" / "latest.json").exists()
