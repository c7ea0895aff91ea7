package io.parley.chat.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.parley.chat.users.Identity;
import io.parley.common.ErrorCode;
import io.parley.common.ParleyException;
import io.parley.embedded.InProcessEphemeralStore;
import io.parley.testkit.VirtualTime;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OidcSignInTest {
  private static final URI CALLBACK = URI.create("http://127.0.0.1/chat/v1/oidc/corp/callback");

  private final VirtualTime time = new VirtualTime();
  private final StubProvider stub = new StubProvider("parley", "s3cret");
  private final OidcSignIn signIn =
      new OidcSignIn(
          List.of(new OidcProvider("corp", "Corp", stub.issuer(), "parley", Optional.of("s3cret"))),
          new InProcessEphemeralStore(time, 1_000),
          new SecureRandom());

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void learnsWhoItIsFromTheProvider() {
    OidcSignIn.Departure departure = signIn.begin("corp", CALLBACK);
    assertThat(departure.location().toString()).startsWith(stub.issuer() + "/authorize?");
    Map<String, String> asked = StubProvider.parameters(departure.location());
    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("code_challenge_method", "S256")
        .containsEntry("state", departure.state())
        .containsKey("nonce");
    String code = stub.authorize(departure.location());
    assertThat(signIn.finish("corp", CALLBACK, code, departure.state()))
        .isEqualTo(
            new Identity(
                stub.issuer().toString(), "42", Optional.of("ada@example.com"), "Ada Lovelace"));
  }

  @Test
  void believesNoAddressThatTheProviderHasNotVerified() {
    stub.emailVerified = false;
    OidcSignIn.Departure departure = signIn.begin("corp", CALLBACK);
    String code = stub.authorize(departure.location());
    assertThat(signIn.finish("corp", CALLBACK, code, departure.state()).email()).isEmpty();
  }

  @Test
  void aStateIsGoodOnceAndForAWhile() {
    OidcSignIn.Departure departure = signIn.begin("corp", CALLBACK);
    String code = stub.authorize(departure.location());
    refused(() -> signIn.finish("corp", CALLBACK, code, "made up"));
    signIn.finish("corp", CALLBACK, code, departure.state());
    refused(() -> signIn.finish("corp", CALLBACK, code, departure.state()));
    OidcSignIn.Departure slow = signIn.begin("corp", CALLBACK);
    String late = stub.authorize(slow.location());
    time.advance(Duration.ofMinutes(10));
    refused(() -> signIn.finish("corp", CALLBACK, late, slow.state()));
  }

  @Test
  void refusesACodeOfAnotherSignIn() {
    OidcSignIn.Departure mine = signIn.begin("corp", CALLBACK);
    OidcSignIn.Departure others = signIn.begin("corp", CALLBACK);
    String code = stub.authorize(others.location());
    refused(() -> signIn.finish("corp", CALLBACK, code, mine.state()));
  }

  @Test
  void refusesTokensOfAnotherNonceIssuerAudienceKeyOrTime() {
    for (StubProvider.Fault fault : StubProvider.Fault.values()) {
      stub.fault = fault;
      OidcSignIn.Departure departure = signIn.begin("corp", CALLBACK);
      String code = stub.authorize(departure.location());
      refused(() -> signIn.finish("corp", CALLBACK, code, departure.state()));
    }
  }

  @Test
  void namesAProviderThatIsMissingOrDoesNotAnswer() {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> signIn.begin("other", CALLBACK))
        .matches(e -> e.code() == ErrorCode.NOT_FOUND);
    stub.close();
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(() -> signIn.begin("corp", CALLBACK))
        .withMessageContaining("Corp");
  }

  private static void refused(ThrowingCallable call) {
    assertThatExceptionOfType(ParleyException.class)
        .isThrownBy(call)
        .matches(e -> e.code() == ErrorCode.AUTHENTICATION, "is refused");
  }
}
