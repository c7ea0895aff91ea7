package io.parley.chat.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import io.parley.chat.users.Identity;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.ports.ephemeral.EphemeralStore;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636): state and nonce tie
 * the answer to the question, and the code is worth nothing to whoever overhears it. Thread-safe;
 * blocks on the provider.
 */
public final class OidcSignIn {
  private static final int TIMEOUT_MS = 10_000;
  private static final int SECRET_BYTES = 32;
  private static final JWSAlgorithm USUAL_ALGORITHM = JWSAlgorithm.RS256;

  private final List<OidcProvider> providers;
  private final EphemeralStore store;
  private final RandomGenerator random;

  /** Where to send somebody, and the state that has to come back with them. */
  public record Departure(URI location, String state) {}

  /**
   * @param random cryptographically strong and thread-safe
   */
  public OidcSignIn(List<OidcProvider> providers, EphemeralStore store, RandomGenerator random) {
    this.providers = List.copyOf(providers);
    this.store = store;
    this.random = random;
  }

  public List<OidcProvider> providers() {
    return providers;
  }

  /**
   * Begins a sign-in.
   *
   * @param callback where the provider is to send people back to
   * @throws ParleyException NOT_FOUND if there is no such provider, API if it does not answer
   */
  public Departure begin(String providerId, URI callback) {
    OidcProvider provider = provider(providerId);
    String state = secret();
    Attempt attempt = new Attempt(providerId, secret(), secret());
    URI location =
        new AuthenticationRequest.Builder(
                ResponseType.CODE,
                new Scope("openid", "email", "profile"),
                new ClientID(provider.clientId()),
                callback)
            .endpointURI(metadata(provider).getAuthorizationEndpointURI())
            .state(new State(state))
            .nonce(new Nonce(attempt.nonce()))
            .codeChallenge(new CodeVerifier(attempt.verifier()), CodeChallengeMethod.S256)
            .build()
            .toURI();
    attempt.keep(store, state);
    return new Departure(location, state);
  }

  /**
   * Ends a sign-in.
   *
   * @param callback the same as at the beginning
   * @param code that the provider sent along
   * @return who it is, as the provider says
   * @throws ParleyException AUTHENTICATION if the answer does not fit the question, or the provider
   *     does not vouch for it; API if it does not answer
   */
  public Identity finish(String providerId, URI callback, String code, String state) {
    OidcProvider provider = provider(providerId);
    Attempt attempt =
        Attempt.take(store, state)
            .filter(kept -> kept.providerId().equals(providerId))
            .orElseThrow(() -> refused("this sign-in is over; begin again", null));
    OIDCProviderMetadata metadata = metadata(provider);
    OIDCTokenResponse tokens = redeem(provider, metadata, callback, code, attempt);
    return identity(
        provider, claims(provider, metadata, tokens.getOIDCTokens().getIDToken(), attempt));
  }

  private static OIDCTokenResponse redeem(
      OidcProvider provider,
      OIDCProviderMetadata metadata,
      URI callback,
      String code,
      Attempt attempt) {
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), callback, new CodeVerifier(attempt.verifier()));
    ClientID client = new ClientID(provider.clientId());
    URI endpoint = metadata.getTokenEndpointURI();
    TokenRequest request =
        provider
            .clientSecret()
            .map(secret -> new ClientSecretBasic(client, new Secret(secret)))
            .map(
                authentication -> new TokenRequest.Builder(endpoint, authentication, grant).build())
            .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant).build());
    HTTPRequest http = request.toHTTPRequest();
    http.setConnectTimeout(TIMEOUT_MS);
    http.setReadTimeout(TIMEOUT_MS);
    try {
      TokenResponse response = OIDCTokenResponseParser.parse(http.send());
      if (response instanceof OIDCTokenResponse tokens) {
        return tokens;
      }
      throw refused("the provider did not accept the code", null);
    } catch (ParseException e) {
      throw refused("the provider's answer is not OpenID Connect", e);
    } catch (IOException e) {
      throw unreachable(provider, e);
    }
  }

  private static IDTokenClaimsSet claims(
      OidcProvider provider, OIDCProviderMetadata metadata, JWT token, Attempt attempt) {
    try {
      IDTokenValidator validator =
          new IDTokenValidator(
              metadata.getIssuer(),
              new ClientID(provider.clientId()),
              algorithm(token),
              metadata.getJWKSetURI().toURL());
      return validator.validate(token, new Nonce(attempt.nonce()));
    } catch (Exception e) { // BadJOSEException, JOSEException, and an address that is none
      throw refused("the provider's token is not valid", e);
    }
  }

  /** Signatures by a key pair only: one that is made with a shared secret proves less. */
  private static JWSAlgorithm algorithm(JWT token) {
    return token.getHeader().getAlgorithm() instanceof JWSAlgorithm algorithm
            && JWSAlgorithm.Family.SIGNATURE.contains(algorithm)
        ? algorithm
        : USUAL_ALGORITHM;
  }

  private static Identity identity(OidcProvider provider, IDTokenClaimsSet claims) {
    boolean verified = Boolean.TRUE.equals(claims.getBooleanClaim("email_verified"));
    Optional<String> email =
        Optional.ofNullable(claims.getStringClaim("email")).filter(address -> verified);
    String name =
        Optional.ofNullable(claims.getStringClaim("name"))
            .or(() -> email)
            .orElse(provider.name() + " user");
    return new Identity(claims.getIssuer().getValue(), claims.getSubject().getValue(), email, name);
  }

  private static OIDCProviderMetadata metadata(OidcProvider provider) {
    try {
      return OIDCProviderMetadata.resolve(new Issuer(provider.issuer()), TIMEOUT_MS, TIMEOUT_MS);
    } catch (GeneralException | IOException e) {
      throw unreachable(provider, e);
    }
  }

  private OidcProvider provider(String id) {
    return providers.stream()
        .filter(one -> one.id().equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new ParleyException(
                    ErrorCode.NOT_FOUND, "oidc: there is no provider of this name"));
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static ParleyException refused(String message, @Nullable Exception e) {
    return new ParleyException(ErrorCode.AUTHENTICATION, message, e);
  }

  private static ParleyException unreachable(OidcProvider provider, Exception e) {
    return new ParleyException(
        ErrorCode.API, provider.name() + " cannot be reached; try again later", e);
  }
}
