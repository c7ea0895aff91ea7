package io.parley.chat.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.common.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An OpenID provider on the loop-back address, which knows one person and can be told to lie. */
public final class StubProvider implements AutoCloseable {
  /** What is wrong with a token. */
  enum Fault {
    NONCE,
    ISSUER,
    AUDIENCE,
    KEY,
    EXPIRED
  }

  private final HttpServer server;
  private final String clientId;
  private final String basic;
  private final RSAKey key;
  private final RSAKey otherKey;
  private final Map<String, Map<String, String>> asked = new ConcurrentHashMap<>();
  volatile boolean emailVerified = true;
  volatile @Nullable Fault fault;

  public StubProvider(String clientId, String clientSecret) {
    this.clientId = clientId;
    this.basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((clientId + ":" + clientSecret).getBytes(StandardCharsets.UTF_8));
    try {
      key = new RSAKeyGenerator(2048).keyID("k").generate();
      otherKey = new RSAKeyGenerator(2048).keyID("k").generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/.well-known/openid-configuration", x -> reply(x, 200, metadata()));
    server.createContext("/keys", x -> reply(x, 200, new JWKSet(key.toPublicJWK()).toString()));
    server.createContext("/token", this::token);
    server.start();
  }

  public URI issuer() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What the person does: reads the question, says yes, and is sent back with a code. */
  public String authorize(URI location) {
    String code = "code-" + asked.size();
    asked.put(code, parameters(location));
    return code;
  }

  private String metadata() {
    return """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/keys","subject_types_supported":["public"],
         "response_types_supported":["code"],"id_token_signing_alg_values_supported":["RS256"]}
        """
        .formatted(issuer());
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> form =
        decoded(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Map<String, String> question = asked.remove(form.getOrDefault("code", ""));
    boolean good =
        question != null
            && basic.equals(exchange.getRequestHeaders().getFirst("authorization"))
            && challenge(form.getOrDefault("code_verifier", ""))
                .equals(question.get("code_challenge"))
            && form.getOrDefault("redirect_uri", "").equals(question.get("redirect_uri"));
    if (question != null && good) {
      reply(
          exchange,
          200,
          "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"%s\"}"
              .formatted(idToken(String.valueOf(question.get("nonce")))));
    } else {
      reply(exchange, 400, "{\"error\":\"invalid_grant\"}");
    }
  }

  private String idToken(String nonce) {
    long now = TimeSource.system().now().getEpochSecond();
    long expires = fault == Fault.EXPIRED ? now - 3_600 : now + 60;
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(fault == Fault.ISSUER ? "https://other" : issuer().toString())
            .audience(fault == Fault.AUDIENCE ? "other" : clientId)
            .subject("42")
            .claim("iat", expires - 60)
            .claim("exp", expires)
            .claim("nonce", fault == Fault.NONCE ? "other" : nonce)
            .claim("email", "ada@example.com")
            .claim("email_verified", emailVerified)
            .claim("name", "Ada Lovelace")
            .build();
    SignedJWT token =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), claims);
    try {
      token.sign(new RSASSASigner(fault == Fault.KEY ? otherKey : key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  private static String challenge(String verifier) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Map<String, String> parameters(URI location) {
    return decoded(location.getRawQuery());
  }

  private static Map<String, String> decoded(String form) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : form.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void reply(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
