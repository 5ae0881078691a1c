"""The manifests have the shape that Kubernetes takes, fit together, and ask for nothing they do not need."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from where import DEPLOY

from bot.config import PREFIX, Settings

FILES = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
THINGS = [one for file in FILES for one in yaml.safe_load_all(file.read_text("utf-8"))]
SCHEMA = json.loads((Path(__file__).parent / "kubernetes_schema.json").read_text("utf-8"))
PODS = [one for one in THINGS if one["kind"] in ("StatefulSet", "Deployment", "Job")]
ENTRYPOINT = {"SHARDS_EACH"}


def named(one) -> str:
    return f"{one['kind']}-{one['metadata']['name']}"


def the(kind: str, name: str):
    return next(one for one in THINGS if (one["kind"], one["metadata"]["name"]) == (kind, name))


def container(one):
    return one["spec"]["template"]["spec"]["containers"][0]


def variables(one) -> dict[str, str | None]:
    """What a container's process finds in its environment; None for a secret."""
    found: dict[str, str | None] = {}
    for source in container(one).get("envFrom", []):
        found |= the("ConfigMap", source["configMapRef"]["name"])["data"]
    return found | {each["name"]: each.get("value") for each in container(one)["env"]}


@pytest.mark.parametrize("one", THINGS, ids=named)
def test_the_shape_is_right(one):
    jsonschema.Draft202012Validator(SCHEMA).validate(one)


def test_every_kind_asked_for_is_there():
    kinds = {"StatefulSet", "Deployment", "PodDisruptionBudget", "NetworkPolicy", "Secret", "Job"}
    assert kinds <= {one["kind"] for one in THINGS}


@pytest.mark.parametrize("one", PODS, ids=named)
def test_every_variable_is_a_setting_or_the_entrypoints(one):
    known = {PREFIX + name.upper() for name in Settings.model_fields} | ENTRYPOINT
    assert set(variables(one)) - known == set()


@pytest.mark.parametrize("one", PODS, ids=named)
def test_secrets_come_by_reference_and_exist(one):
    keys = set(the("Secret", "spotter")["stringData"])
    secret = {
        PREFIX + name.upper()
        for name, field in Settings.model_fields.items()
        if "Secret" in str(field.annotation)
    }
    for each in container(one)["env"]:
        if each["name"] in secret | {"SPOTTER_DATABASE_URL"}:
            assert each["valueFrom"]["secretKeyRef"]["name"] == "spotter"
            assert each["valueFrom"]["secretKeyRef"]["key"] in keys
    assert secret & set(the("ConfigMap", "spotter")["data"]) == set()


def test_the_example_of_the_secret_is_empty():
    assert set(the("Secret", "spotter")["stringData"].values()) == {""}


@pytest.mark.parametrize(
    "one", [one for one in THINGS if "selector" in one.get("spec", {}) and one["kind"] != "Job"], ids=named
)
def test_every_selector_finds_a_pod(one):
    wanted = one["spec"]["selector"].get("matchLabels", one["spec"]["selector"]).items()
    assert any(wanted <= pod["spec"]["template"]["metadata"]["labels"].items() for pod in PODS)


@pytest.mark.parametrize("one", PODS, ids=named)
def test_what_is_mounted_is_there_and_the_data_folder_can_be_written(one):
    spec = one["spec"]["template"]["spec"]
    volumes = {each["name"] for each in spec["volumes"]}
    volumes |= {each["metadata"]["name"] for each in one["spec"].get("volumeClaimTemplates", [])}
    mounts = {each["mountPath"]: each["name"] for each in container(one)["volumeMounts"]}
    assert set(mounts.values()) == volumes
    assert variables(one)["SPOTTER_DATA_DIR"] in mounts


def test_all_shards_are_served_once():
    bot = the("StatefulSet", "spotter-bot")
    served = bot["spec"]["replicas"] * int(variables(bot)["SHARDS_EACH"])
    assert served == int(variables(bot)["SPOTTER_SHARD_COUNT"])
    assert bot["spec"]["podManagementPolicy"] == "OrderedReady"


@pytest.mark.parametrize(("one", "port"), [(the("StatefulSet", "spotter-bot"), "metrics"), (the("Deployment", "spotter-console"), "http")], ids=["bot", "console"])  # fmt: skip
def test_probes_and_policies_name_ports_that_are_open(one, port):
    ports = {each["name"]: each["containerPort"] for each in container(one)["ports"]}
    asked = [container(one)[probe] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert {(probe.get("httpGet") or probe["tcpSocket"])["port"] for probe in asked} == {port}
    field = "metrics_port" if port == "metrics" else "web_port"
    assert ports[port] == int(
        variables(one).get(PREFIX + field.upper()) or Settings.model_fields[field].default
    )
    policy = the("NetworkPolicy", one["metadata"]["name"])
    assert [each["port"] for rule in policy["spec"]["ingress"] for each in rule["ports"]] == [port]


def test_probes_of_the_console_bring_a_name_that_it_answers_to():
    probe = container(the("Deployment", "spotter-console"))["readinessProbe"]["httpGet"]
    assert probe["httpHeaders"] == [{"name": "Host", "value": "localhost"}]


def test_a_stopping_bot_has_the_time_it_takes():
    grace = the("StatefulSet", "spotter-bot")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert grace > Settings.model_fields["shutdown_seconds"].default


def test_everything_is_closed_unless_opened():
    closed = the("NetworkPolicy", "spotter-closed")["spec"]
    assert set(closed["policyTypes"]) == {"Ingress", "Egress"}
    assert "ingress" not in closed
    assert "egress" not in closed
