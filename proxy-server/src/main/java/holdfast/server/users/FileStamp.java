package holdfast.server.users;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What changes when a file does: cheaper to look at than its content. Written anew, it is another file; written in place, it is another time. */
record FileStamp(FileTime modified, long size, @Nullable Object file) {
    static FileStamp of(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return new FileStamp(found.lastModifiedTime(), found.size(), found.fileKey());
    }
}
