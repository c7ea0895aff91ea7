/**
 * The rules of the design as tests over the compiled classes of all modules. A rule that fails says
 * which line breaks it and why the rule is there.
 */
@NullMarked
package io.parley.architecture;

import org.jspecify.annotations.NullMarked;
