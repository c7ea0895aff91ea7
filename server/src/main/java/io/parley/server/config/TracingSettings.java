package io.parley.server.config;

import java.util.Optional;

/** Settings of the traces. */
public record TracingSettings(
    @Setting(
            "Where spans are sent, by OTLP over HTTP in JSON, such as"
                + " `http://127.0.0.1:4318/v1/traces`. Without one none are made.")
        Optional<String> otlpEndpoint,
    @Setting(
            value =
                "Percentage of requests whose spans are sent. Those that failed by the server's"
                    + " fault, those that were slow (`slo.ttft-threshold-ms`) and those whose sender"
                    + " samples its own part (`traceparent`) are always sent.",
            byDefault = "1",
            max = 100)
        int samplePercent) {}
