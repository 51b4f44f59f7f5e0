package holdfast.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Callable;

/** The ways in which a program, or a server, may use and end its socket. */
enum Ending {
    /** Says everything, ends, and listens to the end. */
    SPEAKS_THEN_LISTENS {
        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            exchange.send(socket);
            socket.shutdownOutput();
            exchange.receiveAll(socket);
        }
    },
    /** Listens to the end, then says everything and ends. */
    LISTENS_THEN_SPEAKS {
        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            exchange.receive(socket, exchange.expected);
            exchange.send(socket);
            socket.shutdownOutput();
            exchange.receiveAll(socket);
        }
    },
    /** Does both at the same time. */
    SPEAKS_AND_LISTENS {
        @Override
        void act(Socket socket, Exchange exchange) throws Exception {
            Thread speaker = exchange.inBackground(() -> {
                exchange.send(socket);
                socket.shutdownOutput();
                return null;
            });
            exchange.receiveAll(socket);
            speaker.join();
        }
    },
    /** Ends its half without a word, and listens. */
    ONLY_LISTENS {
        @Override
        boolean speaks() {
            return false;
        }

        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            socket.shutdownOutput();
            exchange.receiveAll(socket);
        }
    },
    /** Says everything and closes without listening. */
    SPEAKS_AND_CLOSES {
        @Override
        boolean listens() {
            return false;
        }

        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            exchange.send(socket);
            socket.close();
        }
    },
    /** Says everything, ends, and then resets. */
    SPEAKS_ENDS_RESETS {
        @Override
        boolean listens() {
            return false;
        }

        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            exchange.send(socket);
            socket.shutdownOutput();
            socket.setSoLinger(true, 0);
            socket.close();
        }
    },
    /** Says everything and resets. */
    SPEAKS_AND_RESETS {
        @Override
        boolean ends() {
            return false;
        }

        @Override
        boolean listens() {
            return false;
        }

        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            exchange.send(socket);
            socket.setSoLinger(true, 0);
            socket.close();
        }
    },
    /** Resets at once. */
    RESETS {
        @Override
        boolean speaks() {
            return false;
        }

        @Override
        boolean ends() {
            return false;
        }

        @Override
        boolean listens() {
            return false;
        }

        @Override
        void act(Socket socket, Exchange exchange) throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    };

    abstract void act(Socket socket, Exchange exchange) throws Exception;

    /** Whether its half carries bytes. */
    boolean speaks() {
        return true;
    }

    /** Whether it ends its half in order. */
    boolean ends() {
        return true;
    }

    /** Whether it listens until there is nothing more. */
    boolean listens() {
        return true;
    }

    /** What one end says and hears: numbered bytes, so that a lost, doubled or moved one shows. */
    static final class Exchange {
        private static final int PIECE = 64 * 1024;

        private final int seed;
        private final int peerSeed;
        private final int bytes;
        final int expected;

        int received;
        boolean wrong;
        boolean endOfFile;
        boolean reset;
        boolean sendFailed;

        Exchange(int seed, int bytes, int peerSeed, int expected) {
            this.seed = seed;
            this.bytes = bytes;
            this.peerSeed = peerSeed;
            this.expected = expected;
        }

        void send(Socket socket) throws IOException {
            byte[] piece = new byte[PIECE];
            try {
                OutputStream out = socket.getOutputStream();
                for (int at = 0; at < bytes; at += PIECE) {
                    int length = Math.min(PIECE, bytes - at);
                    for (int i = 0; i < length; i++) {
                        piece[i] = byteAt(seed, at + i);
                    }
                    out.write(piece, 0, length);
                }
            } catch (SocketException gone) {
                sendFailed = true;
            }
        }

        void receiveAll(Socket socket) throws IOException {
            receive(socket, Integer.MAX_VALUE);
        }

        void receive(Socket socket, int atMost) throws IOException {
            byte[] piece = new byte[PIECE];
            InputStream in = socket.getInputStream();
            try {
                while (received < atMost) {
                    int length = in.read(piece, 0, Math.min(PIECE, atMost - received));
                    if (length < 0) {
                        endOfFile = true;
                        return;
                    }
                    for (int i = 0; i < length; i++) {
                        wrong |= piece[i] != byteAt(peerSeed, received + i);
                    }
                    received += length;
                }
            } catch (SocketException gone) {
                reset = true;
            }
        }

        Thread inBackground(Callable<?> work) {
            Thread thread = new Thread(() -> {
                try {
                    work.call();
                } catch (Exception gone) {
                    sendFailed = true;
                }
            });
            thread.start();
            return thread;
        }

        static byte byteAt(int seed, int at) {
            return (byte) ((at * 0x9E3779B1 + seed) >>> 24);
        }

        @Override
        public String toString() {
            return "received " + received + (wrong ? " WRONG" : "") + (endOfFile ? ", end of file" : "")
                    + (reset ? ", reset" : "") + (sendFailed ? ", sending failed" : "");
        }
    }
}
