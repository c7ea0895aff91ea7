package io.parley.chat.http;

import io.parley.chat.oidc.OidcSignIn;
import io.parley.chat.users.Accounts;
import io.parley.chat.users.Identity;
import io.parley.chat.users.SignedIn;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To an OpenID provider and back. The state is kept in a cookie too, so that nobody can be made to
 * end a sign-in that somebody else began, and so find themselves in another's account.
 *
 * <p>A browser shows what is answered here, so whoever does not get in is sent to the page on which
 * they can try again, with the reason as one word: an address may be made up by anybody, and no
 * sentence of theirs is to stand on our page.
 */
public final class OidcRoutes {
  private static final Logger log = LoggerFactory.getLogger(OidcRoutes.class);
  private static final int FOUND = 302;
  private static final String STATE_COOKIE = "parley_oidc";
  private static final String TRY_AGAIN = "/sign-in?problem=";

  private final OidcSignIn signIn;
  private final Accounts accounts;
  private final SessionCookie cookie;

  public OidcRoutes(OidcSignIn signIn, Accounts accounts) {
    this.signIn = signIn;
    this.accounts = accounts;
    this.cookie = new SessionCookie(accounts.settings().sessionLife());
  }

  public List<ChatRoute> routes() {
    return List.of(
        ChatRoute.anybody("GET", "/oidc/:provider_id/start", this::start),
        ChatRoute.anybody("GET", "/oidc/:provider_id/callback", this::callback));
  }

  private void start(ChatCall call) {
    orTryAgain(call, this::depart);
  }

  private void callback(ChatCall call) {
    orTryAgain(call, this::arrive);
  }

  private static void orTryAgain(ChatCall call, Consumer<ChatCall> step) {
    try {
      step.accept(call);
    } catch (ParleyException e) {
      log.info("request {}: no sign-in by OpenID: {}", call.requestId(), e.getMessage());
      redirect(call, TRY_AGAIN + reason(e));
    }
  }

  private static String reason(ParleyException e) {
    return switch (e.code()) {
      case AUTHENTICATION -> "refused";
      case CONFLICT -> "taken";
      case API -> "unreachable";
      default -> throw e;
    };
  }

  private void depart(ChatCall call) {
    OidcSignIn.Departure departure = signIn.begin(call.path("provider_id"), callbackOf(call));
    setState(call, departure.state(), 600);
    redirect(call, departure.location().toString());
  }

  private void arrive(ChatCall call) {
    String state = call.query("state").orElse("");
    if (state.isEmpty() || !Optional.of(state).equals(call.cookie(STATE_COOKIE))) {
      throw new ParleyException(
          ErrorCode.AUTHENTICATION, "this sign-in was not begun in this browser; begin again");
    }
    String code =
        call.query("code")
            .orElseThrow(
                () -> new ParleyException(ErrorCode.AUTHENTICATION, "the provider said no"));
    Identity identity = signIn.finish(call.path("provider_id"), callbackOf(call), code, state);
    SignedIn somebody = accounts.login(identity, SessionCookie.presented(call));
    setState(call, "", 0);
    cookie.set(call, somebody.session());
    redirect(call, "/");
  }

  private static URI callbackOf(ChatCall call) {
    String scheme = call.isSecure() ? "https" : "http";
    String host = call.header("host").orElse("localhost");
    return URI.create(
        "%s://%s%s/oidc/%s/callback"
            .formatted(scheme, host, ChatHttp.ROOT, call.path("provider_id")));
  }

  private static void setState(ChatCall call, String state, int maxAgeSeconds) {
    call.replyHeader(
        "set-cookie",
        "%s=%s; Path=%s/oidc; Max-Age=%d; HttpOnly; SameSite=Lax%s"
            .formatted(
                STATE_COOKIE,
                state,
                ChatHttp.ROOT,
                maxAgeSeconds,
                call.isSecure() ? "; Secure" : ""));
  }

  private static void redirect(ChatCall call, String location) {
    call.replyHeader("location", location);
    call.reply(FOUND);
  }
}
