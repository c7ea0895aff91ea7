package io.parley.server;

import io.parley.chat.ChatLimits;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.notifications.MailSettings;
import io.parley.chat.notifications.NotificationSettings;
import io.parley.chat.oidc.OidcProvider;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Organisation;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.data.Database;
import io.parley.server.config.ChatLimitSettings;
import io.parley.server.config.ParleyConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the settings of chat mean. Immutable.
 *
 * @param data the data directory
 * @param local whether the server listens on an address of its own machine alone
 */
public record ConfiguredChat(ParleyConfig.Chat config, Path data, boolean local) {
  /** Names the one provider in paths. */
  private static final String PROVIDER_ID = "sso";

  /** The settings of a server. */
  public static ConfiguredChat of(ParleyConfig config, Path data) {
    return new ConfiguredChat(config.chat(), data, isLocal(config.http().host()));
  }

  /** A name that cannot be found is not known to be this machine's. */
  private static boolean isLocal(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private boolean isOpen(ParleyConfig.OpenTo whom) {
    return switch (whom) {
      case NOBODY -> false;
      case LOCAL -> local;
      case ANYBODY -> true;
    };
  }

  AccountSettings accounts() {
    AccountSettings usual = AccountSettings.DEFAULTS;
    return new AccountSettings(
        isOpen(config.guests()), isOpen(config.signUp()), usual.sessionLife(), usual.sessionIdle());
  }

  /** What people may have and do; what nobody has to set is as it always is. */
  ChatLimits limits() {
    ChatLimitSettings set = config.limits();
    ChatLimits usual = ChatLimits.DEFAULTS;
    return new ChatLimits(
        usual.maxTitleChars(),
        set.maxSystemChars(),
        set.maxTextChars(),
        usual.maxBlocks(),
        set.maxImages(),
        usual.maxClientIdChars(),
        set.maxConversations(),
        set.maxRunningAnswers(),
        usual.maxPage(),
        set.maxImageBytes(),
        set.maxImagePixels(),
        set.maxImageBytesOfUser(),
        set.maxAnswerTokens(),
        usual.titleTokens(),
        set.maxStreams(),
        set.maxStreamsOfUser(),
        usual.maxDeltaBytes(),
        Duration.ofMillis(set.streamKeptMs()),
        usual.streamAlive(),
        Duration.ofMillis(set.sendsKeptMs()),
        Duration.ofDays(set.eventsKeptDays()),
        Duration.ofMillis(set.keepAliveMs()),
        Duration.ofMillis(set.stalledTimeoutMs()));
  }

  RetentionPolicy retention() {
    return new RetentionPolicy(config.retentionDays(), config.retention());
  }

  /**
   * What people may be told by.
   *
   * @throws ParleyException INVALID_REQUEST if mails lack a setting that they need
   */
  NotificationSettings notifications() {
    return new NotificationSettings(
        config.notifications().webhooks(),
        config.notifications().allowPrivate(),
        config.mail().host().map(this::mail));
  }

  private MailSettings mail(String host) {
    ParleyConfig.Mail mail = config.mail();
    String from =
        mail.from()
            .orElseThrow(() -> ParleyException.invalid("chat.mail.from: is needed with a host"));
    return new MailSettings(
        host, mail.port(), from, mail.user().map(this::login), mail.startTls(), publicUrl());
  }

  private MailSettings.Login login(String user) {
    return new MailSettings.Login(
        user,
        config
            .mail()
            .password()
            .orElseThrow(
                () -> ParleyException.invalid("chat.mail.password: is needed with a user")));
  }

  private String publicUrl() {
    String url =
        config
            .publicUrl()
            .orElseThrow(
                () -> ParleyException.invalid("chat.public-url: is needed with chat.mail.host"));
    if (!url.startsWith("https://") && !url.startsWith("http://")) {
      throw ParleyException.invalid(
          "chat.public-url: must be an address such as https://chat.example.com");
    }
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /**
   * The provider, if there is one.
   *
   * @throws ParleyException INVALID_REQUEST if its address is none, or it lacks the client id
   */
  List<OidcProvider> providers() {
    return config.oidc().issuer().map(issuer -> List.of(provider(issuer))).orElse(List.of());
  }

  private OidcProvider provider(String issuer) {
    String clientId =
        config
            .oidc()
            .clientId()
            .orElseThrow(
                () -> ParleyException.invalid("chat.oidc.client-id: is needed with an issuer"));
    try {
      return new OidcProvider(
          PROVIDER_ID,
          config.oidc().name(),
          URI.create(issuer),
          clientId,
          config.oidc().clientSecret());
    } catch (IllegalArgumentException e) {
      throw ParleyException.invalid(
          "chat.oidc.issuer: must be an address such as https://sso.example.com");
    }
  }

  /**
   * The keys that wrap those of users; the first start makes the first one.
   *
   * @throws ParleyException INVALID_REQUEST if they cannot be read or made
   */
  public MasterKeys keys(SecureRandom random) {
    return configured().orElseGet(() -> MasterKeys.ofFileOrNew(keyFile(), random));
  }

  /**
   * The keys with one more, if they are in a file; from the settings as they stand there.
   *
   * @throws ParleyException INVALID_REQUEST if they cannot be read or written
   */
  public MasterKeys rotatedKeys(SecureRandom random) {
    return configured().orElseGet(() -> MasterKeys.rotate(keyFile(), random));
  }

  private Optional<MasterKeys> configured() {
    return config.keys().map(keys -> MasterKeys.parse("chat.keys", keys));
  }

  private Path keyFile() {
    return config.keyFile().orElse(data.resolve("chat-keys"));
  }

  /**
   * Whose people chat here.
   *
   * @throws ParleyException NOT_FOUND if there is no such organisation
   */
  Organisation organisation(Database database) {
    String named = config.organisation().orElse("");
    return database
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT id, name FROM organisations"
                            + " WHERE :named = '' OR id = :named OR name = :named"
                            + " ORDER BY created_at_ms, id LIMIT 1")
                    .bind("named", named)
                    .map(
                        (row, context) ->
                            new Organisation(row.getString("id"), row.getString("name")))
                    .findOne())
        .orElseThrow(
            () ->
                new ParleyException(
                    ErrorCode.NOT_FOUND,
                    "chat.organisation: there is no organisation '%s'".formatted(named)));
  }
}
