"""What an installation may set: its folder, and per source the address, because publishers move.

From `ICTDEV_…` environment variables or from `ictdev.toml` in the working folder; the command line overrides both.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from flows.untouched import FILE, HOME, PREFIX
from schemas.errors import Usage
from warehouse.sandbox import Limits
from warehouse.tiles.aggregate import MEMORY

_SQL = Limits()


class Settings(BaseSettings):
    """Settings of an installation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        toml_file=FILE,
        extra="forbid",
        hide_input_in_errors=True,  # some are secrets
    )

    home: Path = Field(HOME, description="folder of snapshots, history and releases")
    base_url: dict[str, str] = Field(default_factory=dict, description="source id → address")
    request_deadline: float = Field(90.0, gt=0, description="seconds that one request may take in all")
    source_deadline: float = Field(900.0, gt=0, description="seconds that asking one publisher may take in all")
    connect_timeout: float = Field(10.0, gt=0, description="seconds to wait for a connection")
    read_timeout: float = Field(30.0, gt=0, description="seconds without a byte after which a request is given up")
    attempts: int = Field(4, ge=1, description="how often a request that failed in passing is sent")
    retry_wait: float = Field(1.0, ge=0, description="seconds before the second attempt; doubles each time")
    max_bytes: int = Field(400_000_000, gt=0, description="largest answer that is taken")
    keep_releases: int = Field(30, ge=0, description="how many of the newest releases stay; 0 keeps all")
    storage: SecretStr = Field(
        SecretStr("file"), description="file, or the shared storage: ducklake:postgres:…; may hold a password"
    )
    storage_data: str = Field(
        "", description="folder or s3:// place of the shared storage's data files, the same for all"
    )
    sql_memory: int = Field(_SQL.memory, ge=500_000_000, description="bytes of memory that one query may use")
    sql_seconds: float = Field(_SQL.seconds, gt=0, description="seconds that one query may take")
    sql_cpu_seconds: int = Field(_SQL.cpu_seconds, ge=1, description="seconds of processor time that one query may use")
    sql_rows: int = Field(_SQL.rows, ge=1, description="rows that an answer may have")
    sql_bytes: int = Field(_SQL.bytes, ge=10_000, description="bytes that an answer may have")
    tiles_lookup: Path | None = Field(None, description="CSV or Parquet file: which tile lies in which economy")
    tiles_boundaries: Path | None = Field(
        None, description="GeoJSON of economies, to make the lookup of where none is named; needs the extra geo"
    )
    tiles_boundary_code: str = Field("ISO_A3", description="property of a boundary that holds ISO 3166-1 alpha-3")
    tiles_quarters: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="quarters of tiles to ask for, 2026-Q1; empty for the last that is over"
    )
    tiles_bytes: int = Field(2_000_000_000, gt=0, description="largest file of tiles that is fetched")
    tiles_deadline: float = Field(3_600.0, gt=0, description="seconds that fetching one file of tiles may take")
    tiles_engine: Literal["duckdb", "spark"] = Field("duckdb", description="what aggregates tiles")
    tiles_spark: str = Field("local[*]", description="Spark's master; its workers must reach the file by the same path")
    tiles_memory: int = Field(MEMORY, ge=200_000_000, description="bytes of memory that DuckDB may use for tiles")
    schedule: str = Field("17 4 * * *", description="cron line, UTC: when the schedule looks which publishers are due")
    json_log: bool = Field(default=False, description="log of runs as lines of JSON, also where Prefect starts them")
    public_url: str = Field("", description="address under which others reach `ictdev serve`, for links")
    notify_webhook: SecretStr | None = Field(None, description="address that notices are posted to as JSON; secret")
    notify_email: Annotated[list[str], NoDecode] = Field(default_factory=list, description="who gets notices by e-mail")
    notify_attempts: int = Field(3, ge=1, description="how often a notice is sent within one run")
    notify_through: Literal["run", "prefect"] = Field(
        "run", description="who sends: the run itself, or the automations of a Prefect server"
    )
    smtp_host: str = Field("", description="server that takes e-mail; empty for none")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="how the connection is encrypted")
    smtp_user: str = Field("", description="name to log in with; empty for none")
    smtp_password: SecretStr | None = Field(None, description="password to log in with; secret")
    smtp_sender: str = Field("ictdev@localhost", description="sender of the e-mails")

    @field_validator("notify_email", "tiles_quarters", mode="before")
    @classmethod
    def _separated(cls, given: object) -> object:
        """Take several in one text, separated by commas."""
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given

    @field_validator("tiles_quarters")
    @classmethod
    def _quarters(cls, given: list[str]) -> list[str]:
        """Refuse what is no quarter."""
        wrong = [text for text in given if not re.fullmatch(r"\d{4}-Q[1-4]", text)]
        if wrong:
            raise ValueError(f"{wrong[0]} is no quarter, as 2026-Q1")
        return given

    def sql_limits(self) -> Limits:
        """Give what one query may use."""
        return Limits(self.sql_memory, self.sql_seconds, self.sql_cpu_seconds, self.sql_rows, self.sql_bytes)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read, strongest first: arguments, environment, ictdev.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**overrides: object) -> Settings:
    """Read the settings. Raises Usage, naming the setting, where one cannot be understood."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except tomllib.TOMLDecodeError as error:
        raise Usage("ictdev.toml cannot be read", why=str(error), next_step="docs/cli.md shows a whole file") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Usage(
            f"the setting {name} cannot be used: {first['msg']}",
            why="it comes from the environment (ICTDEV_…) or from ictdev.toml",
            next_step=f"known settings: {', '.join(Settings.model_fields)}",
        ) from error
