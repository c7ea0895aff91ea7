package io.parley.server.config;

import io.parley.model.decoder.KvCacheType;
import io.parley.model.kernel.NativeCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** All settings of a server. The file {@code docs/configuration.md} is made from this class. */
public record ParleyConfig(
    @Setting(
            value =
                "Directory of everything that the server keeps: its database, the first API key, and"
                    + " `parley.yaml` if there is one. Only one server may use it at a time.",
            byDefault = "./data")
        Path data,
    @Setting("The HTTP server.") Http http,
    @Setting("Answers on their way to clients.") Streams streams,
    @Setting("Which models are served, and under which names.") Models models,
    @Setting("How much the inference engine takes on, for each model.") Engine engine,
    @Setting("The threads that compute.") Compute compute,
    @Setting("The gates that every request and every token passes.") Safety safety,
    @Setting("Chat: who may, and for how long it is kept.") Chat chat,
    @Setting("What requests cost.") Billing billing,
    @Setting(
            "What clients are promised, for each model by itself; alerts say when the error budget"
                + " burns too fast (`docs/operations.md`).")
        SloSettings slo,
    @Setting("What `/metrics` says.") MetricsSettings metrics,
    @Setting("The log.") LoggingSettings logging,
    @Setting("Traces: a span for each stage of a request.") TracingSettings tracing,
    @Setting("How the server stops.") Shutdown shutdown) {

  /** Settings of the HTTP server. */
  public record Http(
      @Setting(
              value =
                  "Address to listen on. `0.0.0.0` is every address of the machine; then put a proxy"
                      + " that speaks TLS in front.",
              byDefault = "127.0.0.1")
          String host,
      @Setting(value = "Port to listen on; 0 takes a free one.", byDefault = "8765", max = 65_535)
          int port,
      @Setting(
              value = "Threads that serve connections; 0 takes one per processor.",
              byDefault = "0",
              max = 1_024)
          int eventLoops,
      @Setting(
              value =
                  "Whether to speak HTTP/2 without TLS too, for a proxy in front that does. Limits of"
                      + " connections then begin only with a whole request head: not for the open"
                      + " internet.",
              byDefault = "false")
          boolean http2ClearText,
      @Setting(
              value = "Connections open at once; one more is closed.",
              byDefault = "18000",
              min = 1)
          int maxConnections,
      @Setting(
              value =
                  "Time without a request, in milliseconds, after which a connection is closed.",
              byDefault = "75000",
              min = 1)
          int idleTimeoutMs,
      @Setting(
              value =
                  "Time from the head of a request to the end of its body, in milliseconds; a slower"
                      + " sender gets a 408.",
              byDefault = "30000",
              min = 1)
          int readTimeoutMs,
      @Setting(
              value = "Largest request body in bytes; a larger one gets a 413.",
              byDefault = "33554432",
              min = 1_024)
          int maxBodyBytes,
      @Setting(
              value =
                  "Bytes of all request bodies that are being read or worked on; a request that needs"
                      + " more gets a 529.",
              byDefault = "268435456",
              min = 1_024)
          int maxBodyBytesInFlight) {}

  /** Settings of answers. */
  public record Streams(
      @Setting(
              value =
                  "Calls of the Messages API under way at once, streamed or not; one more gets a 529.",
              byDefault = "16000",
              min = 1)
          int maxConcurrent,
      @Setting(
              value =
                  "Bytes of one answer that may wait for a slow reader; more resets its stream.",
              byDefault = "1048576",
              min = 1_024)
          int maxUnsentBytes,
      @Setting(
              value =
                  "Time for which a reader may take nothing, in milliseconds; then its stream is reset.",
              byDefault = "30000",
              min = 1)
          int stalledTimeoutMs,
      @Setting(
              value = "Silence in milliseconds after which a stream gets a `ping`.",
              byDefault = "10000",
              min = 1)
          int pingIntervalMs,
      @Setting(
              value =
                  "Time for which an answer goes on that nobody reads, in milliseconds, so that a client"
                      + " that lost its connection can come back (`Last-Event-ID`). Then its"
                      + " generation is cancelled; 0 cancels at once.",
              byDefault = "5000")
          int graceMs,
      @Setting(
              value = "Time for which a stream that has ended can be read again, in milliseconds.",
              byDefault = "300000",
              min = 1)
          int keptMs,
      @Setting(
              value =
                  "Bytes that are kept of one answer for clients that come back. Of a longer one the"
                      + " latest are kept: it can no longer be read from its beginning, nor asked for"
                      + " again by its idempotency key.",
              byDefault = "1048576",
              min = 1_024)
          int maxKeptBytes,
      @Setting(
              value =
                  "Bytes that are kept of all answers. For more, those that ended first are dropped,"
                      + " and if none has ended then nothing is kept but what readers have still to"
                      + " get.",
              byDefault = "134217728",
              min = 1_024)
          int maxKeptBytesInAll,
      @Setting(
              value =
                  "Time for which an idempotency key means the request that it was first sent with, in"
                      + " milliseconds.",
              byDefault = "86400000",
              min = 1)
          int idempotencyMs) {}

  /** Settings of the models. */
  public record Models(
      @Setting(
              value =
                  "Models to serve, name to GGUF file or directory of safetensors. Empty serves"
                      + " every `*.gguf` in the installation's `models/`, each under its file's name without the ending.")
          Map<String, Path> files,
      @Setting(
              "Draft models: name of a served model to the GGUF file of a smaller one with the same"
                  + " tokens. It guesses what comes next, and the model checks several guesses in"
                  + " one step: answers are the same, and come sooner where the guesses are good."
                  + " It takes memory for keys and values of its own.")
          Map<String, Path> drafts,
      @Setting(
              "The model that `claude-*` names mean. If none is named: `parley-base` if it is served,"
                  + " otherwise the first.")
          Optional<String> defaultModel,
      @Setting(
              "Other names that clients may use, each to a name in `files`. A `*` at the end of a name"
                  + " stands for any ending. The response names the model that answered. If there are"
                  + " none, `claude-*` means the default model.")
          Map<String, String> aliases,
      @Setting(
              "Models that stand in for others: name of a served model to the name of the one that"
                  + " answers while it keeps failing. The answer then says so in the header"
                  + " `parley-model-fallback`. A model without one gets a 529 meanwhile.")
          Map<String, String> fallbacks,
      @Setting(
              "Rules that models are pinned to: name of a served model to a rule file for the safety"
                  + " gates. Every other model has `safety.rules-file`.")
          Map<String, Path> safety) {}

  /** Settings of the engine. */
  public record Engine(
      @Setting(
              value =
                  "Memory for the keys and values of each model, in megabytes. No more is taken than"
                      + " `max-sequences` full contexts need.",
              byDefault = "256",
              min = 1,
              max = 1 << 20)
          int kvCacheMb,
      @Setting(
              value =
                  "How keys and values are stored: `f32` as they were computed, or `f16`, which takes"
                      + " half the memory and rounds them.",
              byDefault = "f32")
          KvCacheType kvCacheType,
      @Setting(
              value =
                  "Tokens computed in one step; bounds how long a prompt can hold up the streams. Not"
                      + " below `max-sequences`.",
              byDefault = "512",
              min = 1)
          int maxBatchTokens,
      @Setting(value = "Generations that run at the same time.", byDefault = "64", min = 1)
          int maxSequences,
      @Setting(
              value =
                  "Generations that wait to run. One more gets a 529, or takes the place of one whose"
                      + " organisation has more waiting, and that one gets it.",
              byDefault = "1024",
              min = 1)
          int maxWaiting,
      @Setting(
              value =
                  "Time that a request may have to wait to run, in milliseconds, by what its"
                      + " organisation has waiting and how fast the model is. One that would wait"
                      + " longer gets a 529 at once, with the time after which to try again.",
              byDefault = "30000",
              min = 1)
          int maxWaitMs,
      @Setting(
              value =
                  "Whether prompts of one organisation that begin alike share what was computed for"
                      + " their beginning. Answers are the same either way; only first tokens come"
                      + " later without it.",
              byDefault = "true")
          boolean prefixCache,
      @Setting(
              value =
                  "Guesses at coming tokens that one generation has checked in a step; 0 for none. An"
                      + " answer that quotes its prompt comes several tokens at a time, and every"
                      + " answer is the same either way.",
              byDefault = "4",
              max = 64)
          int maxDraftTokens,
      @Setting(
              value =
                  "Host memory for what generations have computed that give way to more urgent ones,"
                      + " in megabytes for each model; taken when first needed. Without room there,"
                      + " it is computed again.",
              byDefault = "64",
              max = 1 << 20)
          int swapMb) {}

  /** Settings of the threads that compute. */
  public record Compute(
      @Setting(
              value =
                  "Threads that share the arithmetic of a step, for all models together; 0 takes one"
                      + " per processor. Answers are the same, bit for bit, whatever their number.",
              byDefault = "0",
              max = 1_024)
          int threads,
      @Setting(
              value =
                  "Whether a native library may compute: `auto` takes oneDNN for batches and prompts"
                      + " where the processor has AVX-512 BF16, and computes everything in BF16"
                      + " there; `off` computes in F32 everywhere, with the same answers on every"
                      + " machine. Answers do not depend on what they are batched with either way.",
              byDefault = "auto")
          NativeCode nativeCode) {}

  /** Settings of the safety gates. */
  public record Safety(
      @Setting(
              "File of what the gates refuse, in the form of the one that ships (`docs/safety.md`)."
                  + " It takes the place of that one; a line that is wrong is named at the start.")
          Optional<Path> rulesFile,
      @Setting(
              value = "Tokens that are held back and seen by the output gate before they are sent.",
              byDefault = "12",
              max = 256)
          int lookAheadTokens,
      @Setting(
              value =
                  "Time that the input gate may take for one prompt, in milliseconds. If it is late,"
                      + " the client is asked to try again.",
              byDefault = "50",
              min = 1,
              max = 60_000)
          int inputBudgetMs,
      @Setting(
              value =
                  "Time that the output gate may take for one piece of an answer, in milliseconds. A"
                      + " gate that is late twice in a row halts the answer.",
              byDefault = "50",
              min = 1,
              max = 60_000)
          int outputBudgetMs,
      @Setting("The audit log of what the gates decide.") Audit audit) {}

  /** Settings of the audit log. */
  public record Audit(
      @Setting(
              value = "Days for which entries are kept at least.",
              byDefault = "365",
              min = 1,
              max = 36_500)
          int retentionDays,
      @Setting(
              "File with the keys that encrypt it, 32 bytes in base64 each, one a line, the newest"
                  + " last. Without one it is `audit-keys` in the data directory, and is made at the"
                  + " first start. Whoever loses the keys cannot read or verify the log.")
          Optional<Path> keyFile,
      @Setting(
              "The keys themselves, with blanks between, in place of a file; meant for the"
                  + " environment variable.")
          Optional<String> keys) {}

  /** Settings of chat. */
  public record Chat(
      @Setting(
              value =
                  "Who may chat without an account: `nobody`, `anybody`, or `local`, which is"
                      + " everybody while `http.host` is an address of this machine alone. Behind a"
                      + " proxy, that is everybody whom the proxy lets through.",
              byDefault = "local")
          OpenTo guests,
      @Setting(
              value =
                  "Who may make an account with a mail address and a password; said as for guests.",
              byDefault = "local")
          OpenTo signUp,
      @Setting(
              "Organisation whose people chat here, by its id or its name. Without one it is the one"
                  + " that was there first.")
          Optional<String> organisation,
      @Setting(
              value = "Messages that a user may send in a day (UTC); 0 for no limit.",
              byDefault = "0",
              max = 1_000_000)
          int messagesPerDay,
      @Setting(
              value =
                  "Days without activity after which a conversation is removed, unless it is flagged;"
                      + " 0 keeps it.",
              byDefault = "0",
              max = 36_500)
          int retentionDays,
      @Setting("The same for single organisations: id to days.") Map<String, Integer> retention,
      @Setting(
              "File with the master keys that wrap the keys of users, 32 bytes in base64 each, one a"
                  + " line, the newest last. Without one it is `chat-keys` in the data directory, and"
                  + " is made at the first start. Whoever loses the keys loses all conversations.")
          Optional<Path> keyFile,
      @Setting(
              "The master keys themselves, with blanks between, in place of a file; meant for the"
                  + " environment variable.")
          Optional<String> keys,
      @Setting("Signing in at an OpenID provider.") Oidc oidc,
      @Setting(
              "Where people reach this server, such as `https://chat.example.com`; mails have links"
                  + " to it.")
          Optional<String> publicUrl,
      @Setting("Telling people of answers that ended while nobody watched.")
          Notifications notifications,
      @Setting("Sending mails, by SMTP.") Mail mail,
      @Setting("How much people may have and do in chat.") ChatLimitSettings limits) {}

  /** Settings of notifications. */
  public record Notifications(
      @Setting(
              value = "Whether people may have an address of theirs called (a webhook).",
              byDefault = "true")
          boolean webhooks,
      @Setting(
              value =
                  "Whether webhooks may lead to private, loop-back and link-local addresses, and need"
                      + " no TLS. Then everybody with an account can have this server call what is"
                      + " inside of its network.",
              byDefault = "false")
          boolean allowPrivate) {}

  /** Settings of mail. */
  public record Mail(
      @Setting(
              "Server that takes mails. Without one none are sent, and people cannot choose them."
                  + " `chat.mail.from` and `chat.public-url` are needed with it.")
          Optional<String> host,
      @Setting(value = "Its port.", byDefault = "587", min = 1, max = 65_535) int port,
      @Setting("Address that mails come from.") Optional<String> from,
      @Setting("Name to log in with; none if the server asks for none.") Optional<String> user,
      @Setting("The password that goes with it.") Optional<String> password,
      @Setting(
              value =
                  "Whether to insist on TLS, by STARTTLS; without it, everything goes in the clear.",
              byDefault = "true")
          boolean startTls) {}

  /** To whom something is open. */
  public enum OpenTo {
    NOBODY,
    /** To whoever can reach a server that listens on an address of its own machine alone. */
    LOCAL,
    ANYBODY
  }

  /** Settings of the OpenID provider. */
  public record Oidc(
      @Setting(
              "Address of the provider, such as `https://sso.example.com`. Without one nobody comes"
                  + " from a provider. It has to know `https://HOST/chat/v1/oidc/sso/callback`.")
          Optional<String> issuer,
      @Setting("Name by which the provider knows this server.") Optional<String> clientId,
      @Setting("The secret that goes with it; none for a public client.")
          Optional<String> clientSecret,
      @Setting(value = "What people read on the button.", byDefault = "Single sign-on")
          String name) {}

  /** Settings of the accounts. */
  public record Billing(
      @Setting(
              "YAML file with the prices of tokens. If there is none, the prices that ship count; they"
                  + " are in `services/gateway`, `prices.yaml`, with how to write others.")
          Optional<Path> prices) {}

  /** Settings of the stop. */
  public record Shutdown(
      @Setting(
              value =
                  "How long running requests may go on after SIGTERM or SIGINT, in milliseconds; then"
                      + " they end with an error event.",
              byDefault = "30000",
              max = 3_600_000)
          int limitMs) {}
}
