package io.parley.chat.http;

import io.parley.chat.BodyCipher;
import io.parley.chat.encryption.EncryptedBodies;
import io.parley.chat.encryption.MasterKeys;
import io.parley.chat.encryption.UserKeys;
import io.parley.chat.notifications.NotificationChoices;
import io.parley.chat.notifications.NotificationSettings;
import io.parley.chat.notifications.WebhookSecrets;
import io.parley.chat.oidc.OidcProvider;
import io.parley.chat.oidc.OidcSignIn;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Organisation;
import io.parley.chat.users.PasswordCost;
import io.parley.chat.users.PasswordHasher;
import io.parley.chat.users.UserErasures;
import io.parley.common.TimeSource;
import io.parley.ports.data.Database;
import io.parley.ports.ephemeral.EphemeralStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who chats, put together from its ports: accounts, their sessions and their keys. Thread-safe.
 * {@link #upkeep} is to be called now and then.
 */
public final class ChatAccounts implements AutoCloseable {
  /** Passwords that are hashed at the same time, each with 19 MB. */
  private static final int HASHES_AT_ONCE = 2;

  private final PasswordHasher passwords;
  private final Accounts accounts;
  private final UserErasures erasures;
  private final UserKeys keys;
  private final BodyCipher cipher;
  private final MessageQuota quota;
  private final OidcSignIn oidc;
  private final WebhookSecrets webhookSecrets;
  private final NotificationChoices choices;

  /**
   * What accounts need of the outside.
   *
   * @param masters wrap the keys of users
   * @param messagesPerDay of each user, {@link MessageQuota#NO_LIMIT} for no limit
   * @param notifications what users may be told by
   */
  public record Outside(
      Database database,
      EphemeralStore ephemeralStore,
      MasterKeys masters,
      Organisation organisation,
      AccountSettings settings,
      PasswordCost passwordCost,
      List<OidcProvider> providers,
      int messagesPerDay,
      NotificationSettings notifications,
      TimeSource time,
      SecureRandom random) {}

  public ChatAccounts(Outside outside) {
    passwords = new PasswordHasher(outside.passwordCost, outside.random, HASHES_AT_ONCE);
    accounts =
        new Accounts(
            outside.database,
            outside.time,
            outside.random,
            outside.organisation,
            outside.settings,
            passwords);
    erasures = new UserErasures(outside.database, outside.time);
    keys = new UserKeys(outside.database, outside.masters, outside.time, outside.random);
    cipher = new EncryptedBodies(keys, outside.random);
    quota = new MessageQuota(outside.ephemeralStore, outside.time, outside.messagesPerDay);
    oidc = new OidcSignIn(outside.providers, outside.ephemeralStore, outside.random);
    webhookSecrets = new WebhookSecrets(outside.database, cipher, outside.random);
    choices = new NotificationChoices(outside.notifications, webhookSecrets);
  }

  /** Seals what users write; with it the core of chat is made. */
  public BodyCipher cipher() {
    return cipher;
  }

  public Sessions sessions() {
    return new AccountSessions(accounts.sessions());
  }

  public Accounts accounts() {
    return accounts;
  }

  public UserErasures erasures() {
    return erasures;
  }

  public UserKeys keys() {
    return keys;
  }

  public WebhookSecrets webhookSecrets() {
    return webhookSecrets;
  }

  public MessageQuota quota() {
    return quota;
  }

  /**
   * The routes of the section "Who".
   *
   * @param policy says how long conversations are kept, which people are told
   * @param eraseUser begins the erasure of everything that a user has, and returns soon
   */
  public List<ChatRoute> routes(RetentionPolicy policy, Consumer<String> eraseUser) {
    List<SignInProvider> shown =
        oidc.providers().stream().map(one -> new SignInProvider(one.id(), one.name())).toList();
    List<ChatRoute> all =
        new ArrayList<>(
            new AccountRoutes(accounts, quota, policy, choices, shown, eraseUser).routes());
    all.addAll(new OidcRoutes(oidc, accounts).routes());
    return all;
  }

  /** Forgets sessions that ended. */
  public void upkeep() {
    accounts.sessions().sweep();
  }

  @Override
  public void close() {
    passwords.close();
  }
}
