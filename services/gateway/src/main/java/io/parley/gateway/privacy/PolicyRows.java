package io.parley.gateway.privacy;

import io.parley.safety.PiiAction;
import io.parley.safety.PiiKind;
import io.parley.safety.PrivacyPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** How policies stand in rows: one for each kind whose action was chosen. */
public final class PolicyRows {
  private static final String PROMPTS = "prompts";
  private static final String ANSWERS = "answers";

  private record Row(String side, PiiKind kind, PiiAction action) {}

  private PolicyRows() {}

  /**
   * The policy of an organisation; the default if it chose none.
   *
   * @throws IllegalStateException if a row has what this version does not know: it cannot do what
   *     the organisation wants
   */
  public static PrivacyPolicy read(Handle handle, String organisationId) {
    Map<PiiKind, PiiAction> prompts = new EnumMap<>(PiiKind.class);
    Map<PiiKind, PiiAction> answers = new EnumMap<>(PiiKind.class);
    handle
        .createQuery(
            "SELECT side, kind, action FROM privacy_policies WHERE organisation_id = :organisation")
        .bind("organisation", organisationId)
        .map((row, context) -> row(row))
        .forEach(row -> (row.side.equals(PROMPTS) ? prompts : answers).put(row.kind, row.action));
    return PrivacyPolicy.DEFAULT.with(prompts, answers);
  }

  private static Row row(ResultSet row) throws SQLException {
    String side = row.getString("side");
    String kind = row.getString("kind");
    String action = row.getString("action");
    if (!side.equals(PROMPTS) && !side.equals(ANSWERS)) {
      throw unknown(side);
    }
    return new Row(
        side,
        PiiKind.of(kind).orElseThrow(() -> unknown(kind)),
        PiiAction.of(action).orElseThrow(() -> unknown(action)));
  }

  private static IllegalStateException unknown(String value) {
    return new IllegalStateException("a privacy policy says '" + value + "': what is that?");
  }

  /** Chooses actions; kinds that are not named keep theirs. */
  public static void write(
      Handle handle,
      String organisationId,
      Map<PiiKind, PiiAction> prompts,
      Map<PiiKind, PiiAction> answers) {
    prompts.forEach((kind, action) -> write(handle, organisationId, PROMPTS, kind, action));
    answers.forEach((kind, action) -> write(handle, organisationId, ANSWERS, kind, action));
  }

  private static void write(
      Handle handle, String organisationId, String side, PiiKind kind, PiiAction action) {
    handle
        .createUpdate(
            "INSERT INTO privacy_policies (organisation_id, side, kind, action)"
                + " VALUES (:organisation, :side, :kind, :action)"
                + " ON CONFLICT (organisation_id, side, kind) DO UPDATE SET action = :action")
        .bind("organisation", organisationId)
        .bind("side", side)
        .bind("kind", kind.wireName())
        .bind("action", action.wireName())
        .execute();
  }
}
