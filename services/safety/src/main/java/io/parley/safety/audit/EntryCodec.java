package io.parley.safety.audit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Entries as bytes. The first byte says which kind and which version of it follows. */
final class EntryCodec {
  private static final int DECISION = 1;
  private static final int RETIRED = 2;

  /** Ids and categories are short; a longer one is cut, because an entry must not fail to fit. */
  private static final int MAX_CHARS = 4_096;

  private EntryCodec() {}

  static byte[] encode(AuditEntry entry) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(192);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (entry) {
        case AuditEntry.Decision decision -> write(out, decision);
        case AuditEntry.Retired retired -> write(out, retired);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException if it is no entry of a known version
   */
  static AuditEntry decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int kind = in.readUnsignedByte();
    Instant at = Instant.ofEpochMilli(in.readLong());
    return switch (kind) {
      case DECISION -> readDecision(in, at);
      case RETIRED -> readRetired(in, at);
      default -> throw new IOException("entry of kind " + kind + ", of a newer version of Parley");
    };
  }

  private static void write(DataOutputStream out, AuditEntry.Decision decision) throws IOException {
    begin(out, DECISION, decision.at());
    writeText(out, decision.requestId());
    writeText(out, decision.organisationId());
    writeText(out, decision.modelId());
    writeText(out, decision.gate());
    writeText(out, decision.category());
    writeText(out, decision.policyVersion());
    out.writeShort(decision.findings().size());
    for (Map.Entry<String, Integer> finding : decision.findings().entrySet()) {
      writeText(out, finding.getKey());
      out.writeInt(finding.getValue());
    }
  }

  private static AuditEntry readDecision(DataInputStream in, Instant at) throws IOException {
    String requestId = in.readUTF();
    String organisationId = in.readUTF();
    String modelId = in.readUTF();
    String gate = in.readUTF();
    String category = in.readUTF();
    String policyVersion = in.readUTF();
    SortedMap<String, Integer> findings = new TreeMap<>();
    for (int left = in.readUnsignedShort(); left > 0; left--) {
      findings.put(in.readUTF(), in.readInt());
    }
    return new AuditEntry.Decision(
        at, requestId, organisationId, modelId, gate, category, policyVersion, findings);
  }

  private static void write(DataOutputStream out, AuditEntry.Retired retired) throws IOException {
    begin(out, RETIRED, retired.at());
    out.writeLong(retired.through().seq());
    out.write(retired.through().hash());
  }

  private static AuditEntry readRetired(DataInputStream in, Instant at) throws IOException {
    long seq = in.readLong();
    return new AuditEntry.Retired(at, ChainPoint.of(seq, in.readNBytes(ChainPoint.HASH_BYTES)));
  }

  private static void begin(DataOutputStream out, int kind, Instant at) throws IOException {
    out.writeByte(kind);
    out.writeLong(at.toEpochMilli());
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    out.writeUTF(text.substring(0, Math.min(text.length(), MAX_CHARS)));
  }
}
