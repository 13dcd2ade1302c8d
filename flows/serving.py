"""Serving releases over HTTP, read-only: the site and the files, with ETag, ranges and content types.

Starlette answers the files. What may be asked for is only what a manifest names: raw snapshots, the history and
releases that are being built lie in the same home and stay there.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from flows import health
from schemas.errors import Unanswered, Usage
from warehouse import pointer, releases
from warehouse.home import Home

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".duckdb": "application/vnd.duckdb",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".cff": "application/yaml",
}
_SAFE = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_ASK_AGAIN = {"Cache-Control": "no-cache"}


def application(home: Home) -> Starlette:
    """Make the application that answers for a home."""
    served = _Served(home)
    routes = [
        Route("/", served.front),
        Route("/latest.json", served.latest),
        Route("/latest/{path:path}", served.newest),
        Route("/releases/", served.listing),
        Route("/releases/{vintage}/{path:path}", served.file),
        *health.routes(home),
        Route("/{path:path}", served.site),
    ]
    return Starlette(routes=routes)


class _Served:
    """Answers for one home; each request looks anew, so that a publication is seen at once."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def latest(self, request: Request) -> Response:  # noqa: ARG002
        """Give the pointer to the newest release."""
        newest = self._newest()
        content = {"vintage": newest.vintage, "release": f"releases/{newest.vintage}/"}
        return JSONResponse(content, headers={**_SAFE, **_ASK_AGAIN})

    def listing(self, request: Request) -> Response:  # noqa: ARG002
        """Name the releases that stand."""
        names = [folder.name for folder in releases.folders(self.home) if releases.manifest(self.home, folder.name)]
        return JSONResponse({"releases": names}, headers={**_SAFE, **_ASK_AGAIN})

    def newest(self, request: Request) -> Response:
        """Lead to the newest release by its own name, so that a reader of many files keeps to one release."""
        newest, path = self._newest(), request.path_params["path"]
        _note(newest.manifest, path)
        return RedirectResponse(f"/releases/{newest.vintage}/{path}", 307, headers={**_SAFE, **_ASK_AGAIN})

    def file(self, request: Request) -> Response:
        """Give a file of a release."""
        vintage, path = request.path_params["vintage"], request.path_params["path"]
        manifest = releases.manifest(self.home, vintage) if _is_name(vintage) else None
        if manifest is None:
            raise HTTPException(404, f"there is no release {vintage}; /releases/ names those there are")
        if path == "":
            files = {name: note["size"] for name, note in manifest["files"].items()}
            return JSONResponse({"vintage": vintage, "files": files}, headers={**_SAFE, **_FOR_EVER})
        return self._answer(request, vintage, manifest, path, _FOR_EVER)

    def front(self, request: Request) -> Response:
        """Give the site of the newest release, or what there is to ask for."""
        newest = self._newest()
        if "site/index.html" in newest.manifest["files"]:
            return self._answer(request, newest.vintage, newest.manifest, "site/index.html", _ASK_AGAIN)
        content = {"latest": "/latest.json", "releases": "/releases/", "files": f"/releases/{newest.vintage}/"}
        return JSONResponse(content, headers={**_SAFE, **_ASK_AGAIN})

    def site(self, request: Request) -> Response:
        """Give a page or file of the newest release's site."""
        newest, path = self._newest(), f"site/{request.path_params['path']}"
        if f"{path.rstrip('/')}/index.html" in newest.manifest["files"]:
            path = f"{path.rstrip('/')}/index.html"
        return self._answer(request, newest.vintage, newest.manifest, path, _ASK_AGAIN)

    def _newest(self) -> pointer.Release:
        try:
            return pointer.newest(self.home)
        except Unanswered as error:
            raise HTTPException(503, error.what) from error

    def _answer(
        self, request: Request, vintage: str, manifest: Mapping[str, Any], path: str, kept: Mapping[str, str]
    ) -> Response:
        """Give a file that the manifest names; its hash is its tag, the same on every machine."""
        note = _note(manifest, path)
        tag = f'"{note["sha256"]}"' if note else ""
        headers = {**_SAFE, **kept, **({"ETag": tag} if tag else {})}
        if tag and _known(request.headers.get("if-none-match", ""), tag):
            return Response(status_code=304, headers=headers)
        place = self.home.releases / vintage / path
        if not place.is_file():
            raise HTTPException(404, f"{path} is not there any more")
        media = TYPES.get(place.suffix.lower())
        return FileResponse(place, headers=headers, media_type=media)


def _is_name(vintage: str) -> bool:
    return vintage.isalnum()


def _note(manifest: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Give what the manifest says of a file; of itself it says nothing. Nothing else is ever opened."""
    if path == "manifest.json":
        return {}
    found: Mapping[str, Any] | None = manifest["files"].get(path)
    if found is None or ".." in PurePosixPath(path).parts:
        raise HTTPException(404, f"the release holds no file {path}")
    return found


def _known(told: str, tag: str) -> bool:
    return told.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in told.split(",")]


def run(home: Home, host: str, port: int) -> None:
    """Serve until Ctrl-C. Raises Unanswered where nothing was published, Usage where the port is taken."""
    import socket  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415

    from flows import screen  # noqa: PLC0415

    newest = pointer.newest(home)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as error:
            raise Usage(
                f"{host}:{port} cannot be listened on", why=str(error), next_step="name another --port"
            ) from error
        screen.err.print(f"release {newest.vintage} on http://{host}:{port}/   (Ctrl-C stops it)", markup=False)
        config = uvicorn.Config(application(home), log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
