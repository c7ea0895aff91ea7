package io.parley.bench.peers;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * llama.cpp by its C interface ({@code llama.h}), of the release that node-llama-cpp 3.22.1 brings
 * (v0.5.0). Structs are passed by value, so their sizes and the places of their fields belong to
 * that release; {@link #load} takes no other. Flash attention and repacked weights are left at
 * "where it helps", which is the default. One thread calls.
 */
@SuppressWarnings("restricted") // Native calls are what it is for.
final class LlamaCpp {
  private static final String LIBRARY = "libllama.v0.5.0.so";
  private static final int MOST_SEQUENCES = 16;

  private static final StructLayout MODEL_PARAMETERS = words(10);
  private static final StructLayout CONTEXT_PARAMETERS = words(20);
  private static final StructLayout BATCH = words(7);

  /** Places in the parameters of a context. */
  private static final long CONTEXT_TOKENS = 0;

  private static final long BATCH_TOKENS = 4;
  private static final long MICRO_BATCH_TOKENS = 8;
  private static final long SEQUENCES = 12;
  private static final long DECODE_THREADS = 28;
  private static final long PREFILL_THREADS = 32;

  /** Places in a batch. */
  private static final long TOKENS = 8;

  private static final long POSITIONS = 24;
  private static final long SEQUENCE_COUNTS = 32;
  private static final long SEQUENCE_IDS = 40;
  private static final long OUTPUTS = 48;

  private static final AddressLayout UNBOUNDED =
      ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, JAVA_BYTE));

  private final SymbolLookup symbols;
  private final MemorySegment context;
  private final MemorySegment batch;
  private final MethodHandle decode;
  private final MethodHandle logits;
  private final MethodHandle memory;
  private final MethodHandle clear;

  private LlamaCpp(Arena arena, SymbolLookup symbols, Path file, int threads, int batchTokens) {
    this.symbols = symbols;
    this.context = context(arena, model(arena, file), threads, batchTokens);
    this.batch =
        (MemorySegment)
            call(
                function(
                    "llama_batch_init", FunctionDescriptor.of(BATCH, JAVA_INT, JAVA_INT, JAVA_INT)),
                (SegmentAllocator) arena,
                Math.max(batchTokens, MOST_SEQUENCES),
                0,
                1);
    this.decode = function("llama_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, BATCH));
    this.logits = function("llama_get_logits", FunctionDescriptor.of(ADDRESS, ADDRESS));
    this.memory = function("llama_get_memory", FunctionDescriptor.of(ADDRESS, ADDRESS));
    this.clear = function("llama_memory_clear", FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN));
  }

  private static StructLayout words(int count) {
    return MemoryLayout.structLayout(MemoryLayout.sequenceLayout(count, JAVA_LONG));
  }

  /**
   * Loads the libraries of a directory and a model with a context of 16 sequences.
   *
   * @throws IOException if the directory does not hold the release that this class knows
   */
  static LlamaCpp load(Arena arena, Path directory, Path file, int threads, int promptTokens)
      throws IOException {
    Path library = directory.resolve(LIBRARY);
    if (!Files.exists(library)) {
      throw new IOException("there is no %s in %s".formatted(LIBRARY, directory));
    }
    try (Stream<Path> files = Files.list(directory)) {
      Path ggml =
          files
              .filter(path -> String.valueOf(path.getFileName()).startsWith("libggml.v"))
              .findFirst()
              .orElseThrow();
      call(
          Linker.nativeLinker()
              .downcallHandle(
                  SymbolLookup.libraryLookup(ggml, arena)
                      .findOrThrow("ggml_backend_load_all_from_path"),
                  FunctionDescriptor.ofVoid(ADDRESS)),
          arena.allocateFrom(directory.toString()));
    }
    return new LlamaCpp(
        arena, SymbolLookup.libraryLookup(library, arena), file, threads, promptTokens);
  }

  private MemorySegment model(Arena arena, Path file) {
    Object parameters =
        call(
            function("llama_model_default_params", FunctionDescriptor.of(MODEL_PARAMETERS)),
            (SegmentAllocator) arena);
    MemorySegment model =
        (MemorySegment)
            call(
                function(
                    "llama_model_load_from_file",
                    FunctionDescriptor.of(ADDRESS, ADDRESS, MODEL_PARAMETERS)),
                arena.allocateFrom(file.toString()),
                parameters);
    return require(model, "the model " + file);
  }

  private MemorySegment context(Arena arena, MemorySegment model, int threads, int batchTokens) {
    MemorySegment parameters =
        (MemorySegment)
            call(
                function("llama_context_default_params", FunctionDescriptor.of(CONTEXT_PARAMETERS)),
                (SegmentAllocator) arena);
    parameters.set(JAVA_INT, CONTEXT_TOKENS, MOST_SEQUENCES * (batchTokens + 256));
    parameters.set(JAVA_INT, BATCH_TOKENS, batchTokens);
    parameters.set(JAVA_INT, MICRO_BATCH_TOKENS, batchTokens);
    parameters.set(JAVA_INT, SEQUENCES, MOST_SEQUENCES);
    parameters.set(JAVA_INT, DECODE_THREADS, threads);
    parameters.set(JAVA_INT, PREFILL_THREADS, threads);
    MemorySegment made =
        (MemorySegment)
            call(
                function(
                    "llama_init_from_model",
                    FunctionDescriptor.of(ADDRESS, ADDRESS, CONTEXT_PARAMETERS)),
                model,
                parameters);
    return require(made, "a context");
  }

  private static MemorySegment require(MemorySegment made, String what) {
    if (made.equals(MemorySegment.NULL)) {
      throw new IllegalStateException("llama.cpp did not make " + what);
    }
    return made;
  }

  /** Forgets all sequences. */
  void clear() {
    call(clear, call(memory, context), true);
  }

  /** Begins a batch of {@code tokens}. */
  void begin(int tokens) {
    batch.set(JAVA_INT, 0, tokens);
  }

  /** Puts a token of a sequence at a place of the batch. */
  void put(int at, int token, int position, int sequence, boolean output) {
    pointer(batch, TOKENS).setAtIndex(JAVA_INT, at, token);
    pointer(batch, POSITIONS).setAtIndex(JAVA_INT, at, position);
    pointer(batch, SEQUENCE_COUNTS).setAtIndex(JAVA_INT, at, 1);
    pointer(pointer(batch, SEQUENCE_IDS), 8L * at).set(JAVA_INT, 0, sequence);
    pointer(batch, OUTPUTS).set(JAVA_BYTE, at, (byte) (output ? 1 : 0));
  }

  private static MemorySegment pointer(MemorySegment at, long offset) {
    return at.get(UNBOUNDED, offset);
  }

  /** Computes the batch and waits for its logits. */
  void decode() {
    if ((int) call(decode, context, batch) != 0) {
      throw new IllegalStateException("llama_decode failed");
    }
    call(logits, context);
  }

  private MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
