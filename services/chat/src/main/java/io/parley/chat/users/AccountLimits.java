package io.parley.chat.users;

import java.time.Duration;

/** The limits of accounts, and what happens at them. */
public final class AccountLimits {
  /** Characters of a name; more are refused. */
  public static final int MAX_NAME_CHARS = 200;

  /** Characters of a mail address (RFC 5321, with the brackets); more are refused. */
  public static final int MAX_EMAIL_CHARS = 254;

  /** Characters of a new password; fewer are refused (NIST SP 800-63B, 5.1.1.1). */
  public static final int MIN_PASSWORD_CHARS = 8;

  /** Characters of a password; more are refused, since hashing must not take long because of it. */
  public static final int MAX_PASSWORD_CHARS = 256;

  /** Characters of a webhook's address; more are refused. */
  public static final int MAX_WEBHOOK_CHARS = 2_000;

  /** Sessions of one user; a further one ends the oldest. */
  public static final int MAX_SESSIONS = 50;

  /** Failed log-ins to one account in {@link #THROTTLE_WINDOW}; more are refused with 429. */
  public static final int LOGINS_PER_ACCOUNT = 20;

  /** Failed log-ins from one address in {@link #THROTTLE_WINDOW}; more are refused with 429. */
  public static final int LOGINS_PER_ADDRESS = 100;

  /** New accounts, guests included, from one address in the window; more are refused with 429. */
  public static final int ACCOUNTS_PER_ADDRESS = 60;

  /** In which allowances come back, evenly. */
  public static final Duration THROTTLE_WINDOW = Duration.ofMinutes(15);

  /** Accounts and addresses that are remembered; beyond it the one longest unseen is forgotten. */
  public static final int THROTTLE_ENTRIES = 100_000;

  /** How exactly it is known when a session was last used; saves a write for every request. */
  public static final Duration LAST_SEEN_STEP = Duration.ofMinutes(5);

  private AccountLimits() {}
}
