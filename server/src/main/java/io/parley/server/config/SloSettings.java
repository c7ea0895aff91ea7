package io.parley.server.config;

/** Settings of the service level objectives. */
public record SloSettings(
    @Setting(
            value =
                "Time to the first text, in milliseconds, that counts as good. It is a bucket of the"
                    + " histogram, too, and what takes longer is kept among the slow requests.",
            byDefault = "5000",
            min = 1)
        int ttftThresholdMs,
    @Setting(
            value = "Percentage of first texts that are to be good.",
            byDefault = "99",
            min = 94,
            max = 100)
        double ttftObjectivePercent,
    @Setting(
            value = "Time that a further token may take, in milliseconds, to count as good.",
            byDefault = "250",
            min = 1)
        int interTokenThresholdMs,
    @Setting(
            value = "Percentage of further tokens that are to be good.",
            byDefault = "99",
            min = 94,
            max = 100)
        double interTokenObjectivePercent,
    @Setting(
            value =
                "Percentage of requests that are not to fail by the server's fault. What fails by the"
                    + " client's, or at a limit of its organisation, does not count at all.",
            byDefault = "99.9",
            min = 94,
            max = 100)
        double availabilityObjectivePercent,
    @Setting(value = "Days over which the error budget lasts.", byDefault = "30", min = 1, max = 90)
        int windowDays,
    @Setting(
            value =
                "How much has to have gone wrong within an alert's longer window before it fires: of"
                    + " few requests a single failure is a large share.",
            byDefault = "10",
            min = 1)
        int alertLeastBad) {}
