package io.parley.chat.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.chat.users.AccountLimits;
import io.parley.chat.users.User;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.concurrent.cache.CacheSettings;
import io.parley.concurrent.cache.StripedLruCache;
import io.parley.concurrent.client.ApiClient;
import io.parley.concurrent.client.ApiException;
import io.parley.concurrent.client.ApiRequest;
import io.parley.concurrent.client.Pause;
import io.parley.concurrent.client.Transport;
import io.parley.concurrent.limit.CircuitBreaker;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the addresses that people named. Each user has a client of their own, so that one whose
 * address fails, or asks to be left alone, is in nobody else's way. Thread-safe; blocks.
 *
 * <p>A call is signed with the secret of its user: {@code parley-signature: t=SECONDS,v1=HEX} where
 * HEX is HMAC-SHA256 over {@code SECONDS.BODY}. The time is signed too, so that who has seen a call
 * cannot make it again later.
 */
final class Webhooks implements Carrier {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final int STRIPES = 8;
  private static final int GONE = 410;

  /** Two calls at once, 60 a minute, each tried twice. */
  private static final ApiClient.Settings MANNERS =
      new ApiClient.Settings(
          2,
          NotificationLimits.MAX_OF_USER_PER_HOUR,
          2,
          Duration.ofSeconds(10).toNanos(),
          Duration.ofSeconds(1).toNanos(),
          Duration.ofSeconds(5).toNanos(),
          Duration.ofMinutes(1).toNanos(),
          0.1,
          10,
          CircuitBreaker.Settings.USUAL);

  private final WebhookSecrets secrets;
  private final Transport transport;
  private final TimeSource time;
  private final RandomGenerator random;
  private final StripedLruCache<String, ApiClient> clients =
      new StripedLruCache<>(STRIPES, CacheSettings.maxEntries(NotificationLimits.MAX_CLIENTS));

  Webhooks(WebhookSecrets secrets, Transport transport, TimeSource time, RandomGenerator random) {
    this.secrets = secrets;
    this.transport = transport;
    this.time = time;
    this.random = random;
  }

  /**
   * An address that can be called.
   *
   * @throws ParleyException INVALID_REQUEST if it is none
   */
  static URI uri(String webhook) {
    try {
      URI uri = URI.create(URI.create(webhook).toASCIIString());
      String scheme = String.valueOf(uri.getScheme());
      boolean http = scheme.equals("https") || scheme.equals("http");
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && webhook.length() <= AccountLimits.MAX_WEBHOOK_CHARS) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Answered below, as any other text that is no address.
    }
    throw ParleyException.invalid(
        "notify.webhook: must be an address such as https://example.com/hook, without a name, a"
            + " password or a fragment");
  }

  @Override
  public Result carry(Notification notification, User user) throws InterruptedException {
    String webhook = user.notifications().webhook().orElseThrow();
    Optional<String> secret = secrets.find(user.id(), webhook);
    if (secret.isEmpty()) {
      return Result.NEVER;
    }
    try {
      ApiRequest request = request(notification, uri(webhook), secret.get());
      return result(
          client(user.id(), webhook).send(request, NotificationLimits.BUDGET.toNanos()).status());
    } catch (ApiException e) {
      // Its message has the address, which may be a secret by itself.
      log.info("notification {} could not be delivered: {}", notification.id(), e.reason());
      return Result.LATER;
    }
  }

  private static Result result(int status) {
    if (status >= 200 && status < 300) {
      return Result.DELIVERED;
    }
    return status == GONE ? Result.NEVER : Result.LATER;
  }

  private ApiRequest request(Notification notification, URI uri, String secret) {
    byte[] body = body(notification);
    long seconds = time.now().getEpochSecond();
    return ApiRequest.post(uri, body)
        .withHeader("Content-Type", "application/json")
        .withHeader("User-Agent", "Parley")
        .withHeader(
            "Parley-Signature", "t=%d,v1=%s".formatted(seconds, signature(secret, seconds, body)))
        .withIdempotencyKey(notification.id());
  }

  private static byte[] body(Notification notification) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", notification.id());
    fields.put("conversation_id", notification.conversationId());
    fields.put("message_id", notification.messageId());
    fields.put("status", notification.status().name().toLowerCase(Locale.ROOT));
    fields.put("time", notification.endedAt().toString());
    try {
      return JSON.writeValueAsBytes(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts can be written", e);
    }
  }

  static String signature(String secret, long seconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  private ApiClient client(String userId, String webhook) {
    String key = userId + " " + webhook;
    ApiClient known = clients.get(key);
    if (known != null) {
      return known;
    }
    ApiClient made =
        new ApiClient(transport, MANNERS, time::nanoTime, Pause.REAL, b -> random.nextLong(b + 1));
    ApiClient raced = clients.putIfAbsent(key, made);
    return raced == null ? made : raced;
  }
}
