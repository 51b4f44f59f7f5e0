package holdfast.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What changes when a file does: cheaper to look at than its content. Written anew, it is another file; written in place, it has another time.
 *
 * @param modified when it was last written
 * @param size in bytes
 * @param file the file itself, where the file system can tell it from others
 */
public record FileStamp(
        FileTime modified, long size, @Nullable Object file) {
    /**
     * The file's stamp now.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    public static FileStamp of(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey());
    }
}
