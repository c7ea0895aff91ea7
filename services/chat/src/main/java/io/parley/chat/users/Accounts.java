package io.parley.chat.users;

import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.common.TimeSource;
import io.parley.common.Ulid;
import io.parley.ports.data.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * How people come in: as guests, by a password, or from an OpenID provider. Thread-safe; every
 * method may block.
 *
 * <p>Whoever comes in gets a session of their own, and one that they came with ends. Passwords are
 * hashed outside of transactions: the database has one writer, and it must not wait for that.
 */
public final class Accounts {
  private static final String PASSWORD = "password";

  private final Database database;
  private final TimeSource time;
  private final Ulid ids;
  private final Organisation organisation;
  private final AccountSettings settings;
  private final PasswordHasher passwords;
  private final UserSessions sessions;
  private final Throttles throttles;

  /**
   * The accounts of one organisation.
   *
   * @param random cryptographically strong and thread-safe
   */
  public Accounts(
      Database database,
      TimeSource time,
      RandomGenerator random,
      Organisation organisation,
      AccountSettings settings,
      PasswordHasher passwords) {
    this.database = database;
    this.time = time;
    this.ids = new Ulid(time, random);
    this.organisation = organisation;
    this.settings = settings;
    this.passwords = passwords;
    this.sessions = new UserSessions(database, time, random, settings);
    this.throttles = new Throttles(time);
  }

  public Organisation organisation() {
    return organisation;
  }

  public AccountSettings settings() {
    return settings;
  }

  public UserSessions sessions() {
    return sessions;
  }

  // ---- Coming in --------------------------------------------------------------------------------

  /**
   * Makes somebody who has no name and no password.
   *
   * @param address where the request comes from, for the throttle
   * @throws ParleyException PERMISSION if there are to be no guests, RATE_LIMIT
   */
  public SignedIn guest(Optional<SessionToken> presented, String address) {
    refuseUnless(settings.guests(), "guests are not let in here: sign up or log in");
    throttles.beforeNewAccount(address);
    User user = newUser(Optional.empty(), "Guest", true);
    return database.write(
        handle -> {
          UserRows.insert(handle, user, null);
          return signIn(handle, user, presented);
        });
  }

  /**
   * Makes an account; of the guest whose session it is, if it is one's, who so keeps everything.
   *
   * @throws ParleyException PERMISSION if nobody may, CONFLICT if the address has an account,
   *     INVALID_REQUEST if a field is not what it should be, RATE_LIMIT, OVERLOADED
   */
  public SignedIn signUp(
      String email,
      String name,
      String password,
      Optional<SessionToken> presented,
      String address) {
    refuseUnless(settings.signUp(), "accounts are not made here: ask whoever runs this server");
    String validEmail = UserTexts.email(email);
    String validName = UserTexts.name(name);
    UserTexts.newPassword(PASSWORD, password);
    throttles.beforeNewAccount(address);
    String hash = passwords.hash(password);
    Optional<User> guest = presented.flatMap(sessions::user).filter(User::guest);
    return database.write(
        handle -> {
          refuseTaken(handle, validEmail);
          User user = stillGuest(handle, guest).orElse(null);
          return signIn(handle, save(handle, user, validEmail, validName, hash), presented);
        });
  }

  private User save(
      Handle handle, @Nullable User guest, String email, String name, String passwordHash) {
    if (guest == null) {
      User made = newUser(Optional.of(email), name, false);
      UserRows.insert(handle, made, passwordHash);
      return made;
    }
    User named = named(guest, Optional.of(email), name);
    UserRows.update(handle, named);
    UserRows.setPassword(handle, named.id(), passwordHash);
    // Whoever else has a session of this guest does not get into the account.
    SessionRows.deleteAllOf(handle, named.id());
    return named;
  }

  /**
   * Lets somebody in by a password. What is wrong, address or password, is not told, neither in
   * words nor by how long it takes.
   *
   * @throws ParleyException AUTHENTICATION if they do not fit, RATE_LIMIT after too many failures,
   *     OVERLOADED
   */
  public SignedIn login(
      String email, String password, Optional<SessionToken> presented, String address) {
    String validEmail = UserTexts.email(email);
    refuseLong(PASSWORD, password);
    throttles.beforeLogin(validEmail, address);
    Optional<User> user =
        database.read(handle -> UserRows.byEmail(handle, organisation.id(), validEmail));
    Optional<String> kept = user.flatMap(found -> passwordHash(found.id()));
    if (!passwords.matches(password, kept)) {
      throw new ParleyException(
          ErrorCode.AUTHENTICATION, "there is no account with this address and password");
    }
    throttles.afterLogin(validEmail, address);
    Optional<String> renewed =
        kept.filter(passwords::isOutdated).map(h -> passwords.hash(password));
    return database.write(
        handle -> {
          User found = existing(handle, user.orElseThrow().id());
          renewed.ifPresent(hash -> UserRows.setPassword(handle, found.id(), hash));
          return signIn(handle, found, presented);
        });
  }

  /**
   * Lets somebody in whom a provider vouches for, and makes the account when they first come; of
   * the guest whose session it is, if it is one's.
   *
   * @throws ParleyException CONFLICT if the address has an account that was made in another way: it
   *     may be somebody else's who never proved that the address is theirs
   */
  public SignedIn login(Identity identity, Optional<SessionToken> presented) {
    Optional<String> email = identity.email().map(UserTexts::email);
    String name = UserTexts.name(identity.name());
    Optional<User> guest = presented.flatMap(sessions::user).filter(User::guest);
    return database.write(
        handle -> {
          User user =
              UserRows.byIdentity(handle, identity)
                  .orElseGet(() -> firstLogin(handle, identity, email, name, guest));
          return signIn(handle, user, presented);
        });
  }

  private User firstLogin(
      Handle handle, Identity identity, Optional<String> email, String name, Optional<User> guest) {
    email.ifPresent(address -> refuseTaken(handle, address));
    User user =
        stillGuest(handle, guest)
            .map(there -> named(there, email, name))
            .orElseGet(() -> newUser(email, name, false));
    if (guest.isPresent() && guest.get().id().equals(user.id())) {
      UserRows.update(handle, user);
      SessionRows.deleteAllOf(handle, user.id());
    } else {
      UserRows.insert(handle, user, null);
    }
    UserRows.insertIdentity(handle, identity, user.id());
    return user;
  }

  private static Optional<User> stillGuest(Handle handle, Optional<User> guest) {
    return guest.flatMap(seen -> UserRows.byId(handle, seen.id())).filter(User::guest);
  }

  private SignedIn signIn(Handle handle, User user, Optional<SessionToken> presented) {
    return new SignedIn(user, sessions.begin(handle, user.id(), presented));
  }

  // ---- Being there ------------------------------------------------------------------------------

  /**
   * Somebody by id, such as who shares a conversation; empty if there is none any more.
   *
   * <p>Only of this organisation.
   */
  public Optional<User> find(String userId) {
    Predicate<User> ours = user -> user.organisationId().equals(organisation.id());
    return database.read(handle -> UserRows.byId(handle, userId)).filter(ours);
  }

  /**
   * Changes an account. With a new password all other sessions end.
   *
   * @param session the one in which it is asked for
   * @throws ParleyException AUTHENTICATION if the old password is wrong, INVALID_REQUEST,
   *     OVERLOADED
   */
  public User change(User user, SessionToken session, UserChange change) {
    Optional<String> name = change.name().map(UserTexts::name);
    change.notifications().flatMap(Notifications::webhook).ifPresent(UserTexts::webhook);
    Optional<String> hash = change.password().map(password -> newHash(user, password));
    return database.write(
        handle -> {
          User old = existing(handle, user.id());
          User changed =
              new User(
                  old.id(),
                  old.organisationId(),
                  old.email(),
                  name.orElse(old.name()),
                  old.guest(),
                  change.notifications().orElse(old.notifications()),
                  old.createdAt());
          UserRows.update(handle, changed);
          hash.ifPresent(
              newHash -> {
                UserRows.setPassword(handle, old.id(), newHash);
                SessionRows.deleteOthersOf(handle, old.id(), session);
              });
          return changed;
        });
  }

  private String newHash(User user, UserChange.PasswordChange change) {
    UserTexts.newPassword("password.new", change.replacement());
    requirePassword(user, "password.old", Optional.of(change.old()));
    return passwords.hash(change.replacement());
  }

  /**
   * Whether it is really this person who asks for something that cannot be undone.
   *
   * @param password must be the account's, if it has one
   * @throws ParleyException AUTHENTICATION if it is not
   */
  public void requirePassword(User user, Optional<String> password) {
    requirePassword(user, PASSWORD, password);
  }

  private void requirePassword(User user, String field, Optional<String> password) {
    Optional<String> kept = passwordHash(user.id());
    if (kept.isEmpty()) {
      return;
    }
    password.ifPresent(given -> refuseLong(field, given));
    String account = user.email().orElse(user.id());
    throttles.beforeLogin(account, account);
    if (password.isEmpty() || !passwords.matches(password.get(), kept)) {
      throw new ParleyException(ErrorCode.AUTHENTICATION, field + ": is not this account's");
    }
    throttles.afterLogin(account, account);
  }

  private Optional<String> passwordHash(String userId) {
    return database.read(handle -> UserRows.passwordHash(handle, userId));
  }

  // ---- What they have in common -----------------------------------------------------------------

  private User newUser(Optional<String> email, String name, boolean guest) {
    Instant now = Instant.ofEpochMilli(time.now().toEpochMilli());
    return new User(
        "usr_" + ids.next(), organisation.id(), email, name, guest, Notifications.NOT_AT_ALL, now);
  }

  private static User named(User guest, Optional<String> email, String name) {
    return new User(
        guest.id(),
        guest.organisationId(),
        email,
        name,
        false,
        guest.notifications(),
        guest.createdAt());
  }

  private static User existing(Handle handle, String id) {
    return UserRows.byId(handle, id)
        .orElseThrow(
            () -> new ParleyException(ErrorCode.AUTHENTICATION, "this account is being erased"));
  }

  private void refuseTaken(Handle handle, String email) {
    if (UserRows.byEmail(handle, organisation.id(), email).isPresent()) {
      throw new ParleyException(
          ErrorCode.CONFLICT, "email: this address has an account already; log in to it");
    }
  }

  private static void refuseLong(String field, String password) {
    if (password.length() > AccountLimits.MAX_PASSWORD_CHARS) {
      throw ParleyException.invalid(
          "%s: must have at most %d characters".formatted(field, AccountLimits.MAX_PASSWORD_CHARS));
    }
  }

  private static void refuseUnless(boolean allowed, String message) {
    if (!allowed) {
      throw new ParleyException(ErrorCode.PERMISSION, message);
    }
  }
}
