"""LangSmith's own Python client against a running server: makes and lists what a workspace holds.

Called by crates/server/tests/api/client.rs with the server's address, the workspace's id, a key
that has that workspace by itself, and one of the organization's that has to name it. Prints how
much it checked; any failure is an exception.
"""

import os
import sys
import uuid

from langsmith import Client
from langsmith.schemas import DataType
from langsmith.utils import (
    LangSmithAuthError,
    LangSmithConflictError,
    LangSmithError,
    LangSmithNotFoundError,
    LangSmithUserError,
)

address, workspace, own_key, organization_key = sys.argv[1:]
checks = 0


def check(what, condition=True):
    global checks
    assert condition, what
    checks += 1


def refused(error, call):
    try:
        call()
    except error:
        return check(error.__name__)
    raise AssertionError(f"{error.__name__} was not raised")


def client(key, workspace_id=None):
    return Client(api_url=f"{address}/api/v1", api_key=key, workspace_id=workspace_id, auto_batch_tracing=False)


def names(rows):
    return sorted(row.name for row in rows)


def everything(client, mark):
    check("info", client.info.version and client.info.batch_ingest_config["size_limit"] == 100)

    # Projects.
    project = client.create_project(f"{mark} first", description="d", metadata={"team": "a", "run": 7})
    check("the project is the workspace's", str(project.tenant_id) == workspace)
    check("what was given comes back", (project.description, project.metadata["team"]) == ("d", "a"))
    refused(LangSmithConflictError, lambda: client.create_project(f"{mark} first"))
    check("upsert", client.create_project(f"{mark} first", upsert=True).id == project.id)
    check("read by name", client.read_project(project_name=f"{mark} first").id == project.id)
    check("has_project", client.has_project(f"{mark} first") and not client.has_project(f"{mark} nowhere"))
    refused(LangSmithNotFoundError, lambda: client.read_project(project_name=f"{mark} nowhere"))

    # Datasets.
    dataset = client.create_dataset(
        f"{mark} golden",
        description="answers",
        data_type=DataType.chat,
        metadata={"team": "a"},
        inputs_schema={"type": "object"},
    )
    check("the dataset", (dataset.description, dataset.data_type, dataset.example_count) == ("answers", DataType.chat, 0))
    check("its schema", dataset.inputs_schema == {"type": "object"})
    refused(LangSmithConflictError, lambda: client.create_dataset(f"{mark} golden"))
    client.create_dataset(f"{mark} plain")
    listed = lambda **filters: names(row for row in client.list_datasets(**filters) if row.name.startswith(mark))
    check("all", listed() == [f"{mark} golden", f"{mark} plain"])
    check("by kind", listed(data_type="chat") == [f"{mark} golden"] and listed(data_type="kv") == [f"{mark} plain"])
    check("by name", listed(dataset_name=f"{mark} plain") == [f"{mark} plain"])
    check("by part", listed(dataset_name_contains=f"{mark.upper()} GOLD") == [f"{mark} golden"])
    check("by id", listed(dataset_ids=[dataset.id]) == [f"{mark} golden"])
    check("by metadata", listed(metadata={"team": "a"}) == [f"{mark} golden"] and listed(metadata={"team": "b"}) == [])
    found = next(client.list_datasets(dataset_ids=[dataset.id]))
    check("metadata comes back", found.metadata["team"] == "a" and "runtime" in found.metadata)
    check("read by name", client.read_dataset(dataset_name=f"{mark} golden").id == dataset.id)
    check("has_dataset", client.has_dataset(dataset_name=f"{mark} golden"))
    check("has no other", not client.has_dataset(dataset_name=f"{mark} nowhere"))

    # Experiments: projects that belong to a dataset.
    client.create_project(f"{mark} experiment", reference_dataset_id=dataset.id, num_examples=3, metadata={"run": 8})
    of = lambda **filters: names(row for row in client.list_projects(**filters) if row.name.startswith(mark))
    check("by dataset", of(reference_dataset_id=dataset.id) == [f"{mark} experiment"])
    check("by its name", of(reference_dataset_name=f"{mark} golden") == [f"{mark} experiment"])
    check("with none", of(reference_free=True) == [f"{mark} first"] and of(reference_free=False) == [f"{mark} experiment"])
    check("by metadata", of(metadata={"run": 7}) == [f"{mark} first"] and of(metadata={"run": 7, "team": "b"}) == [])
    check("by name", of(name=f"{mark} first") == [f"{mark} first"] and of(name_contains="EXPERI") == [f"{mark} experiment"])
    check("by id", of(project_ids=[project.id]) == [f"{mark} first"])
    check("with statistics", next(client.list_projects(name=f"{mark} first", include_stats=True)).run_count == 0)

    # Annotation queues.
    queue_id = uuid.uuid4()
    queue = client.create_annotation_queue(name=f"{mark} review", description="r", queue_id=queue_id)
    check("the queue", (queue.id, queue.description, str(queue.tenant_id)) == (queue_id, "r", workspace))
    client.create_annotation_queue(name=f"{mark} second", rubric_instructions="be kind")
    queues = lambda **filters: names(row for row in client.list_annotation_queues(**filters) if row.name.startswith(mark))
    check("all", queues() == [f"{mark} review", f"{mark} second"])
    check("by id", queues(queue_ids=[queue_id]) == [f"{mark} review"])
    check("by name", queues(name=f"{mark} second") == [f"{mark} second"])
    check("by part", queues(name_contains=f"{mark} REV") == [f"{mark} review"])

    # Prompts, without commits.
    handle = f"{mark}-first_1"
    prompt = client.create_prompt(handle, description="d", readme="r", tags=["x", mark])
    check("the prompt", (prompt.repo_handle, prompt.full_name, prompt.tenant_id) == (handle, f"-/{handle}", workspace))
    check("what was given comes back", (prompt.description, prompt.readme, prompt.tags) == ("d", "r", ["x", mark]))
    check("nothing in it", (prompt.num_commits, prompt.is_public, prompt.owner) == (0, False, None))
    refused(LangSmithConflictError, lambda: client.create_prompt(handle))
    refused(LangSmithError, lambda: client.create_prompt(f"{mark} first"))
    refused(LangSmithUserError, lambda: client.create_prompt(f"{mark}-public", is_public=True))
    refused(LangSmithUserError, lambda: client.create_prompt(f"somebody/{mark}"))
    client.create_prompt(f"{mark}-second")
    found = lambda **filters: sorted(row.repo_handle for row in client.list_prompts(**filters).repos)
    check("all", [name for name in found() if name.startswith(mark)] == [handle, f"{mark}-second"])
    check("by part", found(query=f"{mark}-FIR") == [handle] and client.list_prompts(query=mark).total == 2)
    check("none is public", found(is_public=True) == [])


for variable in list(os.environ):
    if variable.startswith(("LANGSMITH_", "LANGCHAIN_")):
        del os.environ[variable]
everything(client(own_key), "own")
everything(client(own_key, workspace), "named")
everything(client(organization_key, workspace), "whole")

# More than one page: the client asks for a hundred at a time.
one = client(own_key)
for index in range(105):
    one.create_annotation_queue(name=f"page {index:03}")
check("pages", len([row for row in one.list_annotation_queues(name_contains="page ")]) == 105)
check("a limit", len(list(one.list_annotation_queues(name_contains="page ", limit=3))) == 3)

# What the server refuses arrives as what it is.
refused(LangSmithUserError, lambda: list(client(organization_key).list_projects()))
refused(LangSmithAuthError, lambda: list(client(own_key + "0").list_projects()))
print(f"{checks} checks by LangSmith's client")
