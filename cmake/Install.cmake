# What lands where on a machine, and the Debian package of it (`make deb`).
include(GNUInstallDirs)

set(pages ${CMAKE_BINARY_DIR}/packaging)
file(MAKE_DIRECTORY ${pages})
add_custom_command(
  OUTPUT ${pages}/fengsui.1 ${pages}/fengsui.bash ${pages}/_fengsui
  COMMAND $<TARGET_FILE:fengsui> man > ${pages}/fengsui.1
  COMMAND $<TARGET_FILE:fengsui> completion bash > ${pages}/fengsui.bash
  COMMAND $<TARGET_FILE:fengsui> completion zsh > ${pages}/_fengsui
  DEPENDS fengsui VERBATIM)
add_custom_target(pages ALL DEPENDS ${pages}/fengsui.1 ${pages}/fengsui.bash ${pages}/_fengsui)

install(TARGETS fengsui RUNTIME)
install(FILES ${pages}/fengsui.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${pages}/fengsui.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME fengsui)
install(FILES ${pages}/_fengsui DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES packaging/fengsui.service DESTINATION lib/systemd/system)
install(FILES packaging/fengsui.sysusers DESTINATION lib/sysusers.d RENAME fengsui.conf)
install(FILES packaging/fengsui.yaml README.md README.zh-CN.md CHANGELOG.md docs/operations.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY rules DESTINATION ${CMAKE_INSTALL_DATADIR}/fengsui)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fengsui)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR fengsui)
set(CPACK_PACKAGE_CONTACT "fengsui developers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "emergency command and supervision for the telecom sector")
set(CPACK_PACKAGE_DESCRIPTION "One program that every tier runs to report incidents, publish warnings, command responses and inspect.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS systemd)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-noto-cjk, fonts-noto-cjk-extra, texlive-lang-chinese")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/postinst)
include(CPack)
