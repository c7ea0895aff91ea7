@NullMarked
package io.parley.serving.llama;

import org.jspecify.annotations.NullMarked;
