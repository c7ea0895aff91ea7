package io.parley.server.config;

/** Settings of what `/metrics` says. */
public record MetricsSettings(
    @Setting(
            value =
                "Organisations that have time series of their own: those with the most requests of"
                    + " late. All others share the name `other`.",
            byDefault = "20",
            min = 1,
            max = 1_000)
        int organisations) {}
