package io.parley.chat.http;

import io.parley.chat.notifications.NotificationChoices;
import io.parley.chat.quota.MessageQuota;
import io.parley.chat.retention.RetentionPolicy;
import io.parley.chat.users.AccountSettings;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.SessionToken;
import io.parley.chat.users.SignedIn;
import io.parley.chat.users.User;
import io.parley.chat.users.UserChange;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Who somebody is: the routes by which people come, change their account and go. */
public final class AccountRoutes {
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int NO_CONTENT = 204;

  private final Accounts accounts;
  private final MessageQuota quota;
  private final RetentionPolicy retention;
  private final NotificationChoices choices;
  private final Consumer<String> eraseUser;
  private final List<SignInProvider> providers;
  private final SessionCookie cookie;

  /**
   * @param providers OpenID providers that somebody may come from, as id and name
   * @param eraseUser begins the erasure of everything that a user has, and returns soon
   */
  public AccountRoutes(
      Accounts accounts,
      MessageQuota quota,
      RetentionPolicy retention,
      NotificationChoices choices,
      List<SignInProvider> providers,
      Consumer<String> eraseUser) {
    this.accounts = accounts;
    this.quota = quota;
    this.retention = retention;
    this.choices = choices;
    this.eraseUser = eraseUser;
    this.providers = List.copyOf(providers);
    this.cookie = new SessionCookie(accounts.settings().sessionLife());
  }

  public List<ChatRoute> routes() {
    return List.of(
        ChatRoute.anybody("GET", "/sign-in", this::signIn),
        ChatRoute.anybody("POST", "/sign-up", this::signUp),
        ChatRoute.anybody("POST", "/login", this::login),
        ChatRoute.anybody("POST", "/guest", this::guest),
        ChatRoute.signedIn("POST", "/logout", this::logout),
        ChatRoute.signedIn("POST", "/logout/others", this::logoutOthers),
        ChatRoute.signedIn("GET", "/me", this::me),
        ChatRoute.signedIn("PATCH", "/me", this::change),
        ChatRoute.signedIn("DELETE", "/me", this::erase));
  }

  private void signIn(ChatCall call) {
    AccountSettings settings = accounts.settings();
    call.reply(200, new AccountJson.SignIn(true, settings.signUp(), settings.guests(), providers));
  }

  private void signUp(ChatCall call) {
    AccountJson.SignUp form = call.json(AccountJson.SignUp.class);
    welcome(
        call,
        CREATED,
        accounts.signUp(
            form.email(),
            form.name(),
            form.password(),
            SessionCookie.presented(call),
            call.remoteAddress()));
  }

  private void login(ChatCall call) {
    AccountJson.Login form = call.json(AccountJson.Login.class);
    welcome(
        call,
        200,
        accounts.login(
            form.email(), form.password(), SessionCookie.presented(call), call.remoteAddress()));
  }

  private void guest(ChatCall call) {
    welcome(call, CREATED, accounts.guest(SessionCookie.presented(call), call.remoteAddress()));
  }

  private void welcome(ChatCall call, int status, SignedIn somebody) {
    cookie.set(call, somebody.session());
    call.reply(
        status,
        new AccountJson.Welcome(AccountJson.user(somebody.user()), somebody.session().csrf()));
  }

  private void logout(ChatCall call) {
    accounts.sessions().revoke(session(call));
    call.sessionEnded(call.user().userId());
    cookie.clear(call);
    call.reply(NO_CONTENT);
  }

  private void logoutOthers(ChatCall call) {
    String userId = call.user().userId();
    accounts.sessions().revokeOthers(userId, session(call));
    call.sessionEnded(userId);
    call.reply(NO_CONTENT);
  }

  private void me(ChatCall call) {
    User user = user(call);
    call.reply(
        200,
        new AccountJson.Me(
            AccountJson.user(user),
            session(call).csrf(),
            accounts.organisation(),
            retention.daysOf(accounts.organisation().id()).orElse(null),
            quota.standing(user.id()).orElse(null),
            choices.offer(user)));
  }

  private void change(ChatCall call) {
    UserChange change = call.json(AccountJson.Patch.class).change();
    User user = user(call);
    change.notifications().ifPresent(chosen -> choices.check(user, chosen));
    User changed = accounts.change(user, session(call), change);
    change.password().ifPresent(ended -> call.sessionEnded(user.id()));
    Optional<String> secret = change.notifications().flatMap(chosen -> choices.secret(changed));
    call.reply(200, AccountJson.user(changed, secret.orElse(null)));
  }

  private void erase(ChatCall call) {
    AccountJson.Erase form =
        call.body().length == 0 ? new AccountJson.Erase(null) : call.json(AccountJson.Erase.class);
    User user = user(call);
    accounts.requirePassword(user, Optional.ofNullable(form.password()));
    eraseUser.accept(user.id());
    call.sessionEnded(user.id());
    cookie.clear(call);
    call.reply(ACCEPTED);
  }

  private User user(ChatCall call) {
    return accounts.find(call.user().userId()).orElseThrow(AccountRoutes::gone);
  }

  private static SessionToken session(ChatCall call) {
    return SessionCookie.presented(call).orElseThrow(AccountRoutes::gone);
  }

  private static ParleyException gone() {
    return new ParleyException(ErrorCode.AUTHENTICATION, "You are not signed in any more");
  }
}
