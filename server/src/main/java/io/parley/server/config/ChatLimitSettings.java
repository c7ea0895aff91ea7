package io.parley.server.config;

/** Settings of how much people may have and do in chat. */
public record ChatLimitSettings(
    @Setting(
            value = "Characters of all text of one message; more gets a 400.",
            byDefault = "200000",
            min = 1,
            max = 500_000)
        int maxTextChars,
    @Setting(
            value = "Characters of a conversation's system prompt; more gets a 400.",
            byDefault = "20000",
            max = 200_000)
        int maxSystemChars,
    @Setting(
            value = "Pictures of one message; more gets a 400. 0 allows none.",
            byDefault = "10",
            max = 32)
        int maxImages,
    @Setting(
            value = "Bytes of one picture; more gets a 413.",
            byDefault = "8388608",
            min = 1_024,
            max = 12_582_912)
        int maxImageBytes,
    @Setting(
            value = "Pixels of one picture, width by height; more gets a 400.",
            byDefault = "40000000",
            min = 1,
            max = 1_000_000_000)
        int maxImagePixels,
    @Setting(
            value = "Bytes of all pictures of one user; more gets a 429.",
            byDefault = "268435456",
            min = 1_024)
        int maxImageBytesOfUser,
    @Setting(
            value = "Conversations of one user, archived ones included; more gets a 429.",
            byDefault = "100000",
            min = 1)
        int maxConversations,
    @Setting(
            value = "Answers of one user that are written at the same time; more gets a 429.",
            byDefault = "8",
            min = 1,
            max = 10_000)
        int maxRunningAnswers,
    @Setting(
            value =
                "Tokens that one answer may have; it then ends with `max_tokens`. The model may have"
                    + " a limit of its own.",
            byDefault = "4096",
            min = 1,
            max = 131_072)
        int maxAnswerTokens,
    @Setting(
            value = "Event streams open at once, of all users; more gets a 529.",
            byDefault = "16000",
            min = 1)
        int maxStreams,
    @Setting(
            value = "Event streams open at once, of one user; more gets a 429.",
            byDefault = "1000",
            min = 1)
        int maxStreamsOfUser,
    @Setting(
            value =
                "Time for which the text of an answer can be followed after its end, in milliseconds;"
                    + " then the stored message answers.",
            byDefault = "300000",
            min = 1_000,
            max = 86_400_000)
        int streamKeptMs,
    @Setting(
            value =
                "Time for which a client id means what it was first sent with, in milliseconds, so"
                    + " that a repetition is recognised.",
            byDefault = "86400000",
            min = 60_000)
        int sendsKeptMs,
    @Setting(
            value =
                "Days for which a device that was away can catch up by events; then it loads its lists"
                    + " anew.",
            byDefault = "7",
            min = 1,
            max = 365)
        int eventsKeptDays,
    @Setting(
            value = "Silence in milliseconds after which an event stream gets a comment.",
            byDefault = "15000",
            min = 100,
            max = 3_600_000)
        int keepAliveMs,
    @Setting(
            value =
                "Time for which a reader of an event stream may take nothing, in milliseconds; then"
                    + " its stream is reset.",
            byDefault = "30000",
            min = 1_000,
            max = 3_600_000)
        int stalledTimeoutMs) {}
