"""Files from and to other people's servers: HTTP, HTTPS, FTP, FTPS and SFTP. Knows nothing of OCPP."""
