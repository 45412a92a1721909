"""Asks the statistics socket of haproxy: argument 1 is its path, standard input the question, standard output the answer."""
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.settimeout(5)
connection.connect(sys.argv[1])
connection.sendall(sys.stdin.buffer.read())
while True:
    piece = connection.recv(65536)
    if not piece:
        break
    sys.stdout.buffer.write(piece)
