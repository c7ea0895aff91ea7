package io.parley.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.parley.engine.EngineGauges;
import io.parley.gateway.operations.ModelLoad;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What the engine of one model is doing, under {@code parley_engine_…{model="NAME"}}.
 *
 * @param gauges cheap and safe to call from any thread
 */
record EngineMetrics(String model, Supplier<EngineGauges> gauges) implements MeterBinder {
  @Override
  public void bindTo(MeterRegistry meters) {
    gauge(meters, "waiting", "sequences without blocks", EngineGauges::waiting);
    gauge(meters, "running", "sequences with blocks", EngineGauges::running);
    gauge(meters, "blocks", "blocks of key-value cache", EngineGauges::blocks);
    gauge(meters, "blocks.used", "blocks that a sequence holds", EngineGauges::blocksInUse);
    gauge(
        meters,
        "blocks.idle",
        "blocks that the prefix cache keeps and no sequence holds",
        at -> at.prefixCache().idleBlocks());
    counter(meters, "steps", "steps of the engine", EngineGauges::steps);
    counter(meters, "tokens.computed", "tokens through the model", EngineGauges::tokensComputed);
    counter(meters, "tokens.generated", "tokens drawn", EngineGauges::tokensGenerated);
    counter(
        meters,
        "prefix.hit.tokens",
        "tokens of admitted sequences that were computed already",
        at -> at.prefixCache().hitTokens());
    counter(
        meters,
        "prefix.lookup.tokens",
        "all tokens of admitted sequences",
        at -> at.prefixCache().lookupTokens());
    counter(
        meters,
        "prefix.evictions",
        "blocks that the prefix cache gave up",
        at -> at.prefixCache().evictions());
    counter(
        meters,
        "preemptions",
        "generations that gave way to more urgent ones",
        at -> at.preemption().preemptions());
    counter(
        meters,
        "swap.saved.blocks",
        "of what they had computed, blocks that were copied to host memory",
        at -> at.preemption().savedBlocks());
    gauge(
        meters,
        "swap.blocks.used",
        "blocks in host memory",
        at -> at.preemption().swapSlotsInUse());
    counter(
        meters,
        "guesses.checked",
        "tokens that were computed without having been drawn",
        at -> at.speculation().guessesChecked());
    counter(
        meters,
        "guesses.right",
        "of these, those that were then drawn",
        at -> at.speculation().guessesRight());
  }

  /** The same for the Operations API. */
  ModelLoad load() {
    EngineGauges at = gauges.get();
    return new ModelLoad(
        model,
        at.waiting(),
        at.running(),
        at.blocks(),
        at.blocksInUse(),
        at.prefixCache().idleBlocks(),
        at.preemption().preemptions());
  }

  private void gauge(
      MeterRegistry meters, String name, String what, ToDoubleFunction<EngineGauges> value) {
    Gauge.builder("parley.engine." + name, gauges, from -> value.applyAsDouble(from.get()))
        .description(what)
        .tag("model", model)
        .register(meters);
  }

  private void counter(
      MeterRegistry meters, String name, String what, ToDoubleFunction<EngineGauges> value) {
    FunctionCounter.builder(
            "parley.engine." + name, gauges, from -> value.applyAsDouble(from.get()))
        .description(what)
        .tag("model", model)
        .register(meters);
  }
}
