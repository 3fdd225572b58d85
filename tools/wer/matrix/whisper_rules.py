"""How Whisper's reference implementation (transformers) asks for English text with times, and chooses tokens."""

from transformers.generation.logits_process import (
    LogitsProcessorList,
    SuppressTokensAtBeginLogitsProcessor,
    SuppressTokensLogitsProcessor,
    WhisperTimeStampLogitsProcessor,
)

RATE_HZ = 16_000
WINDOW_SECONDS = 30
MOST_TOKENS = 224


def prompt_of(config, language: str) -> list[int]:
    """`config` is the model's generation config."""
    prompt = [config.decoder_start_token_id]
    if getattr(config, "lang_to_id", None):
        prompt += [config.lang_to_id[f"<|{language}|>"], config.task_to_id["transcribe"]]
    return prompt


def processors_of(config, prompt: list[int]) -> LogitsProcessorList:
    return LogitsProcessorList(
        [
            SuppressTokensLogitsProcessor(config.suppress_tokens),
            SuppressTokensAtBeginLogitsProcessor(config.begin_suppress_tokens, len(prompt)),
            WhisperTimeStampLogitsProcessor(config, begin_index=len(prompt)),
        ]
    )
