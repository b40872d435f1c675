"""What Holdfast and its Python runner say to each other.

Made by scripts/make-runner-protocol.ts from src/trainer/trl/protocol.ts, which explains the fields, the
methods' cards in src/method and the file names in src/ledger. Change it there.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Union

from pydantic import ConfigDict, Field, with_config
from typing_extensions import NotRequired, TypedDict

_closed = with_config(ConfigDict(extra="forbid"))

EVENTS_FILE = "events.jsonl"
ROLLOUTS_FILE = "rollouts.jsonl"
GRADER_FILE = "grader.json"
PROGRESS_FILE = "progress.jsonl"
EXIT_FILE = "exit.json"
CHECKPOINTS_FOLDER = "checkpoints"

METHOD_NAMES = ("sft", "raft", "dpo", "kto", "simpo", "grpo", "rloo", "mdloo")


@_closed
class OptimizerSpec(TypedDict):
    name: Literal["adamw", "muon"]
    learningRate: float
    beta1: float
    beta2: float
    epsilon: float
    weightDecay: float
    maxGradientNorm: float
    schedule: Literal["constant", "linear", "cosine"]
    warmUpSteps: int
    finalShare: float


@_closed
class InstanceFilter(TypedDict):
    samples: int
    keep: Literal["solvable", "mixed"]


@_closed
class ReplaySpec(TypedDict):
    share: float


@_closed
class LoraSpec(TypedDict):
    rank: int
    alpha: float
    targets: list[Literal["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]]


@_closed
class RunnerExample(TypedDict):
    type: Literal["demonstration", "pair", "thumb", "prompt"]
    eval: str
    caseId: str
    promptIds: list[int]
    completionIds: list[int] | None
    chosenIds: list[int] | None
    rejectedIds: list[int] | None
    thumb: Literal["up", "down"] | None


@_closed
class BaseRef(TypedDict):
    path: str
    revision: str | None


@_closed
class DeviceSpec(TypedDict):
    kind: Literal["cpu", "cuda"]
    threads: int | None
    precision: Literal["f32", "bf16", "4bit"]
    gradientCheckpointing: bool
    microBatchSize: int | None
    vllm: bool


@_closed
class SftMethod(TypedDict):
    name: Literal["sft"]
    steps: int
    optimizer: OptimizerSpec
    replay: NotRequired[ReplaySpec]
    trl: NotRequired[dict[str, Any]]
    batchSize: int
    demonstration: str


@_closed
class RaftMethod(TypedDict):
    name: Literal["raft"]
    steps: int
    optimizer: OptimizerSpec
    replay: NotRequired[ReplaySpec]
    trl: NotRequired[dict[str, Any]]
    temperature: float
    instanceFilter: NotRequired[InstanceFilter]
    batchSize: int
    epochs: int
    promptsPerEpoch: int
    samplesPerPrompt: int


DpoMethod = _closed(
    TypedDict(
        "DpoMethod",
        {
            "name": Literal["dpo"],
            "steps": int,
            "optimizer": OptimizerSpec,
            "replay": NotRequired[ReplaySpec],
            "trl": NotRequired[dict[str, Any]],
            "temperature": float,
            "instanceFilter": NotRequired[InstanceFilter],
            "batchSize": int,
            "from": Literal["people", "samples"],
            "samplesPerPrompt": int,
            "beta": float,
            "reference": Literal["parent", "base"],
            "lossType": Literal["sigmoid", "ipo", "hinge", "robust"],
            "labelSmoothing": float,
        },
    )
)


KtoMethod = _closed(
    TypedDict(
        "KtoMethod",
        {
            "name": Literal["kto"],
            "steps": int,
            "optimizer": OptimizerSpec,
            "replay": NotRequired[ReplaySpec],
            "trl": NotRequired[dict[str, Any]],
            "temperature": float,
            "instanceFilter": NotRequired[InstanceFilter],
            "batchSize": int,
            "from": Literal["people", "samples"],
            "samplesPerPrompt": int,
            "beta": float,
            "reference": Literal["parent", "base"],
            "desirableWeight": float,
            "undesirableWeight": float,
        },
    )
)


SimpoMethod = _closed(
    TypedDict(
        "SimpoMethod",
        {
            "name": Literal["simpo"],
            "steps": int,
            "optimizer": OptimizerSpec,
            "replay": NotRequired[ReplaySpec],
            "trl": NotRequired[dict[str, Any]],
            "temperature": float,
            "instanceFilter": NotRequired[InstanceFilter],
            "batchSize": int,
            "from": Literal["people", "samples"],
            "samplesPerPrompt": int,
            "beta": float,
            "gamma": float,
        },
    )
)


@_closed
class GrpoMethod(TypedDict):
    name: Literal["grpo"]
    steps: int
    optimizer: OptimizerSpec
    replay: NotRequired[ReplaySpec]
    trl: NotRequired[dict[str, Any]]
    temperature: float
    instanceFilter: NotRequired[InstanceFilter]
    promptsPerStep: int
    samplesPerPrompt: int
    klWeight: float
    scaleRewards: Literal["group", "batch", "none"]
    reference: NotRequired[Literal["parent", "base"]]
    aggregation: NotRequired[Literal["dapo", "grpo", "bnpo", "dr_grpo"]]
    importance: NotRequired[Literal["token", "sequence"]]
    clipLow: NotRequired[float]
    clipHigh: NotRequired[float]
    updatesPerBatch: NotRequired[int]
    maskTruncated: NotRequired[bool]


@_closed
class RlooMethod(TypedDict):
    name: Literal["rloo"]
    steps: int
    optimizer: OptimizerSpec
    replay: NotRequired[ReplaySpec]
    trl: NotRequired[dict[str, Any]]
    temperature: float
    instanceFilter: NotRequired[InstanceFilter]
    promptsPerStep: int
    samplesPerPrompt: int
    klWeight: float
    reference: Literal["parent", "base"]
    clipLow: float
    clipHigh: float
    updatesPerBatch: int


@_closed
class MdlooMethod(TypedDict):
    name: Literal["mdloo"]
    steps: int
    optimizer: OptimizerSpec
    replay: NotRequired[ReplaySpec]
    trl: NotRequired[dict[str, Any]]
    temperature: float
    instanceFilter: NotRequired[InstanceFilter]
    promptsPerStep: int
    samplesPerPrompt: int
    klWeight: float
    reference: Literal["parent", "base"]
    proximalWeight: float
    updatesPerBatch: int


RunnerStageMethod = Annotated[
    Union[
        SftMethod,
        RaftMethod,
        DpoMethod,
        KtoMethod,
        SimpoMethod,
        GrpoMethod,
        RlooMethod,
        MdlooMethod,
    ],
    Field(discriminator="name"),
]


@_closed
class RunnerStage(TypedDict):
    method: RunnerStageMethod
    firstStep: int
    learningRates: list[float]
    optimizer: OptimizerSpec
    order: list[int] | None
    drawsSamples: bool
    usesEqualRewards: bool


@_closed
class RunnerSpecSeeds(TypedDict):
    initialisation: int
    order: int
    sampling: int


@_closed
class RunnerSpecWatched(TypedDict):
    eval: str
    caseId: str
    promptIds: list[int]


@_closed
class RunnerSpecCanary(TypedDict):
    ids: list[int]
    promptLength: int


@_closed
class RunnerSpecRewards(TypedDict):
    errorShare: float
    errorMinimum: int
    patienceMs: int


@_closed
class RunnerSpec(TypedDict):
    schemaVersion: Literal[1]
    runId: str
    round: str
    arm: str
    base: BaseRef
    parentAdapter: str | None
    start: Literal["continue", "merge"]
    lora: LoraSpec
    seeds: RunnerSpecSeeds
    stages: list[RunnerStage]
    examples: list[RunnerExample]
    watched: list[RunnerSpecWatched]
    stopIds: list[int]
    padId: int
    maxNewTokens: int
    passThreshold: float
    replayed: dict[str, Any]
    checkpointSteps: list[int]
    canary: RunnerSpecCanary
    directory: str
    device: DeviceSpec
    rewards: RunnerSpecRewards


@_closed
class GraderAddress(TypedDict):
    url: str
    token: NotRequired[str]


@_closed
class RewardMessageItems(TypedDict):
    index: int
    eval: str
    caseId: str
    tokenIds: list[int]
    finishReason: Literal["stop", "length"]


@_closed
class RewardMessage(TypedDict):
    step: int
    rank: int
    items: list[RewardMessageItems]


@_closed
class RewardAnswerRewards(TypedDict):
    index: int
    reward: float | None
    error: str | None


@_closed
class RewardAnswer(TypedDict):
    rewards: list[RewardAnswerRewards]


@_closed
class WatchMessageItems(TypedDict):
    eval: str
    caseId: str
    tokenIds: list[int]
    finishReason: Literal["stop", "length"]


@_closed
class WatchMessage(TypedDict):
    step: int
    meanReward: float | None
    items: list[WatchMessageItems]


@_closed
class WatchAnswer(TypedDict):
    stop: bool
    reason: str


@_closed
class RunnerProgressDrawn(TypedDict):
    done: int
    total: int


@_closed
class RunnerProgress(TypedDict):
    phase: Literal["loading", "filtering", "sampling", "updating", "saving", "watching"]
    step: int
    steps: int
    tokens: int
    seconds: float
    peakBytes: int
    drawn: NotRequired[RunnerProgressDrawn]


@_closed
class RunnerExit(TypedDict):
    schemaVersion: Literal[1]
    state: Literal["finished", "cancelled", "stopped", "failed"]
    step: int
    code: str | None
    summary: str
    fix: str


@_closed
class CanaryRecord(TypedDict):
    ids: list[int]
    promptLength: int
    logProbs: list[float]
    baseLogProbs: list[float]
    precision: str


@_closed
class Rollout(TypedDict):
    step: int
    eval: str
    caseId: str
    sample: int
    seed: float
    text: str
    tokenIds: list[int]
    reward: float | None
    advantage: float | None
    used: bool


@_closed
class ServeSpec(TypedDict):
    schemaVersion: Literal[1]
    base: BaseRef
    name: str
    stopIds: list[int]
    padId: int
    device: DeviceSpec
    addressFile: str
