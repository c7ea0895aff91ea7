package io.parley.model.family;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A model in llama.cpp, by its C functions in the library of {@code de.kherud:llama}. Keys and
 * values are kept in F32. Not thread-safe.
 *
 * <p>Parameters travel as opaque structs that are larger than the real ones: the library's own
 * defaults fill them, and only the first fields, which have kept their place, are changed.
 */
@SuppressWarnings("restricted") // The C functions of a library can be called in no other way.
public final class LlamaCpp implements AutoCloseable {
  private static final String LIBRARY = "/de/kherud/llama/Linux/x86_64/libjllama.so";
  private static final int MOST_TOKENS = 2048;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final MemoryLayout PARAMETERS =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(64, ValueLayout.JAVA_LONG));
  private static final MemoryLayout BATCH =
      MemoryLayout.structLayout(
          INT.withName("n_tokens"),
          MemoryLayout.paddingLayout(4),
          POINTER.withName("token"),
          POINTER.withName("embd"),
          POINTER.withName("pos"),
          POINTER.withName("n_seq_id"),
          POINTER.withName("seq_id"),
          POINTER.withName("logits"));

  /** Where a context's parameters hold the types of keys and of values: GGML_TYPE_F16 is 1. */
  private static final long KEY_TYPE_OFFSET = 88;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = load();

  private final MemorySegment model;
  private final MemorySegment context;
  private final MemorySegment vocabulary;
  private final int vocabularySize;

  /** Loads a file. */
  public LlamaCpp(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters =
          segment(call("llama_model_default_params", FunctionDescriptor.of(PARAMETERS), arena));
      model =
          segment(
              call(
                  "llama_model_load_from_file",
                  FunctionDescriptor.of(POINTER, POINTER, PARAMETERS),
                  arena.allocateFrom(file.toString()),
                  parameters));
      if (model.address() == 0) {
        throw new IllegalArgumentException("llama.cpp does not load " + file);
      }
      context = context(arena);
      vocabulary =
          segment(call("llama_model_get_vocab", FunctionDescriptor.of(POINTER, POINTER), model));
      vocabularySize =
          (int) call("llama_vocab_n_tokens", FunctionDescriptor.of(INT, POINTER), vocabulary);
    }
  }

  private MemorySegment context(Arena arena) {
    MemorySegment parameters =
        segment(call("llama_context_default_params", FunctionDescriptor.of(PARAMETERS), arena));
    parameters.setAtIndex(INT, 0, MOST_TOKENS); // n_ctx
    parameters.setAtIndex(INT, 1, MOST_TOKENS); // n_batch
    parameters.setAtIndex(INT, 2, MOST_TOKENS); // n_ubatch
    parameters.setAtIndex(INT, 4, 1); // n_threads
    parameters.setAtIndex(INT, 5, 1); // n_threads_batch
    if (parameters.get(INT, KEY_TYPE_OFFSET) != 1
        || parameters.get(INT, KEY_TYPE_OFFSET + 4) != 1) {
      throw new IllegalStateException("the context's parameters are not where they were");
    }
    parameters.set(INT, KEY_TYPE_OFFSET, 0); // F32
    parameters.set(INT, KEY_TYPE_OFFSET + 4, 0);
    return segment(
        call(
            "llama_init_from_model",
            FunctionDescriptor.of(POINTER, POINTER, PARAMETERS),
            model,
            parameters));
  }

  /** Logits of every position of a sequence that begins anew, row by row. */
  public float[] logits(int[] tokens) {
    try (Arena arena = Arena.ofConfined()) {
      call("llama_kv_cache_clear", FunctionDescriptor.ofVoid(POINTER), context);
      MemorySegment batch = arena.allocate(BATCH);
      batch.set(INT, 0, tokens.length);
      batch.set(POINTER, 8, arena.allocateFrom(INT, tokens));
      batch.set(POINTER, 48, arena.allocate(tokens.length).fill((byte) 1));
      int code =
          (int) call("llama_decode", FunctionDescriptor.of(INT, POINTER, BATCH), context, batch);
      if (code != 0) {
        throw new IllegalStateException("llama_decode gives " + code);
      }
      return segment(call("llama_get_logits", FunctionDescriptor.of(POINTER, POINTER), context))
          .reinterpret(4L * tokens.length * vocabularySize)
          .toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  /** Tokens of a text in which special tokens stand for themselves; none are put around it. */
  public int[] tokenize(String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment utf8 = arena.allocateFrom(text);
      int length = (int) utf8.byteSize() - 1;
      MemorySegment tokens = arena.allocate(INT, 2L * length + 2);
      int count =
          (int)
              call(
                  "llama_tokenize",
                  FunctionDescriptor.of(
                      INT,
                      POINTER,
                      POINTER,
                      INT,
                      POINTER,
                      INT,
                      ValueLayout.JAVA_BOOLEAN,
                      ValueLayout.JAVA_BOOLEAN),
                  vocabulary,
                  utf8,
                  length,
                  tokens,
                  2 * length + 2,
                  false,
                  true);
      return tokens.asSlice(0, 4L * count).toArray(INT);
    }
  }

  @Override
  public void close() {
    call("llama_free", FunctionDescriptor.ofVoid(POINTER), context);
    call("llama_model_free", FunctionDescriptor.ofVoid(POINTER), model);
  }

  private static MemorySegment segment(Object value) {
    return (MemorySegment) value;
  }

  /** A struct that is returned goes to memory of the allocator that is then the first argument. */
  private static Object call(String name, FunctionDescriptor type, Object... arguments) {
    try {
      MethodHandle handle = LINKER.downcallHandle(SYMBOLS.findOrThrow(name), type);
      Object result = handle.invokeWithArguments(arguments);
      return result == null ? MemorySegment.NULL : result;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static SymbolLookup load() {
    try (InputStream in = LlamaCpp.class.getResourceAsStream(LIBRARY)) {
      if (in == null) {
        throw new IllegalStateException("de.kherud:llama is not on the class path");
      }
      Path file = Files.createTempFile("llama", ".so");
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      SymbolLookup symbols = SymbolLookup.libraryLookup(file, Arena.global());
      Files.delete(file);
      silence(symbols);
      return symbols;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its log would go to standard error. */
  private static void silence(SymbolLookup symbols) {
    try {
      MethodHandle ignore =
          MethodHandles.empty(
              MethodType.methodType(
                  void.class, int.class, MemorySegment.class, MemorySegment.class));
      MemorySegment stub =
          LINKER.upcallStub(
              ignore, FunctionDescriptor.ofVoid(INT, POINTER, POINTER), Arena.global());
      LINKER
          .downcallHandle(
              symbols.findOrThrow("llama_log_set"), FunctionDescriptor.ofVoid(POINTER, POINTER))
          .invokeWithArguments(stub, MemorySegment.NULL);
    } catch (Throwable e) {
      throw new IllegalStateException("llama_log_set", e);
    }
  }
}
